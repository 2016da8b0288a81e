"""Trainings made ill in one known way each, and healthy ones; used by benchmarks/sick.py. Standard library only."""
