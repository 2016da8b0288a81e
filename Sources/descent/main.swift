import Glibc

// At once. What libraries do at `exit` is left out: a thread that is still comparing models for a screen that is gone would find
// their tables taken down, and OpenBLAS would wait for threads that a limit on memory let it begin only half.
let code = Program.run(RawArguments.all, environment: Program.environment())
fflush(nil)
_exit(code)
