import Glibc

// Everything was written and given back by now. What libraries do at `exit` is left out: a thread that is still comparing models
// for a screen that is gone would find their tables taken down.
let code = Program.run(Array(CommandLine.arguments.dropFirst()), environment: Program.environment())
fflush(nil)
_exit(code)
