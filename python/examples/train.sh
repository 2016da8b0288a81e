#!/bin/sh
# A program in any language: here the shell, which finds a square root by Newton's method and prints how far off it is.
#
#     descent train --algorithm script --script python/examples/train.sh --set number=2 --set steps=10
number=2 steps=10
while [ $# -gt 1 ]; do
    case $1 in
        --number) number=$2 ;;
        --steps) steps=$2 ;;
    esac
    shift 2
done
exec awk -v number="$number" -v steps="$steps" 'BEGIN {
    guess = number
    for (step = 1; step <= steps; step++) {
        guess = (guess + number / guess) / 2
        loss = guess * guess - number
        printf "step: %d loss: %.10g\n", step, loss < 0 ? -loss : loss
        fflush()
    }
    printf "the root of %s is %.10g\n", number, guess
}'
