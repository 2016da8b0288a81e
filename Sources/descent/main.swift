import Glibc

// At once: a library's end may wait for threads that a limit on memory let it begin only half (OpenBLAS joins its own).
_exit(Program.run(RawArguments.all, environment: Program.environment()))
