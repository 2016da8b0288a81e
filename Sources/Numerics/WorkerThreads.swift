import Glibc

/// Short-lived threads for work that fills a core: never the cooperative pool's, which must not block.
public enum WorkerThreads {
    /// Cores this process may use.
    public static var coreCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Runs `body(0)` … `body(count - 1)` at the same time, one thread each, and waits for all.
    ///
    /// The caller's thread does index 0; an index whose thread cannot be started is done on the caller's thread too.
    public static func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
        guard count > 1 else { return count == 1 ? body(0) : () }
        // SAFETY: every thread is joined below, so the closure outlives all that use it.
        withoutActuallyEscaping(body) { body in
            var threads: [pthread_t] = []
            var refused: [Int] = []
            for index in 1..<count {
                let task = Unmanaged.passRetained(Task(index: index, body: body))
                var thread = pthread_t()
                let status = pthread_create(
                    &thread, nil,
                    { argument in
                        guard let argument else { return nil }
                        let task = Unmanaged<Task>.fromOpaque(argument).takeRetainedValue()
                        task.body(task.index)
                        return nil
                    }, task.toOpaque())
                if status == 0 {
                    threads.append(thread)
                } else {
                    task.release()
                    refused.append(index)
                }
            }
            body(0)
            refused.forEach(body)
            for thread in threads { pthread_join(thread, nil) }
        }
    }

    private final class Task: Sendable {
        let index: Int
        let body: @Sendable (Int) -> Void

        init(index: Int, body: @escaping @Sendable (Int) -> Void) {
            self.index = index
            self.body = body
        }
    }
}
