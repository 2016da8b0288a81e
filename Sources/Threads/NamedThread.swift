import Glibc
import Synchronization

/// A thread with a name and a big stack that must be joined.
// SAFETY: the handle is written once, in init, before anybody else can see the object.
public final class NamedThread: @unchecked Sendable {
    private final class Body {
        let name: String
        let work: @Sendable () -> Void
        init(name: String, work: @escaping @Sendable () -> Void) {
            self.name = name
            self.work = work
        }
    }

    private var handle = pthread_t()
    private let isJoined = Atomic<Bool>(false)

    /// Starts the thread.
    /// - Parameters:
    ///   - name: at most 15 bytes are kept, as Linux does.
    ///   - stackBytes: the libraries' numeric code likes a lot.
    /// - Throws: when the system gives no more threads, or no memory for the stack.
    public init(name: String, stackBytes: Int = 8 << 20, _ work: @escaping @Sendable () -> Void) throws(ThreadError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackBytes)
        let body = Unmanaged.passRetained(Body(name: name, work: work))
        let code = pthread_create(
            &handle, &attributes,
            { context in
                guard let context else { return nil }
                let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                NamedThread.nameCurrentThread(body.name)
                // Signals belong to the main thread's loop.
                var all = sigset_t()
                sigfillset(&all)
                for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE] { sigdelset(&all, fault) }
                pthread_sigmask(SIG_BLOCK, &all, nil)
                body.work()
                return nil
            }, body.toOpaque())
        pthread_attr_destroy(&attributes)
        guard code == 0 else {
            body.release()
            throw ThreadError(name: name, code: code)
        }
    }

    /// The name shows in `top -H` and in crash reports. Writing the kernel's file needs no GNU extension.
    private static func nameCurrentThread(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY)
        guard file >= 0 else { return }
        _ = String(name.prefix(15)).withCString { write(file, $0, strlen($0)) }
        close(file)
    }

    /// Waits for the thread's end. Only the first call does anything.
    public func join() {
        if isJoined.exchange(true, ordering: .acquiringAndReleasing) { return }
        pthread_join(handle, nil)
    }
}
