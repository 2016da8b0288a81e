import Glibc
import Scripts

// At once. What libraries do at `exit` is left out: a thread that is still comparing models for a screen that is gone would find
// their tables taken down, and OpenBLAS would wait for threads that a limit on memory let it begin only half.
if CommandLine.arguments.dropFirst().first == ProcessGuard.word {
    _exit(ProcessGuard.run(Array(CommandLine.arguments.dropFirst(2))))
}
if CommandLine.arguments.dropFirst().first == TrialTask.word { _exit(TrialTask.run()) }
let code = Program.run(RawArguments.all, environment: ProcessEnvironment.variables)
fflush(nil)
_exit(code)
