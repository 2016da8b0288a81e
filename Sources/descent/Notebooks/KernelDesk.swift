import Studio
import Synchronization

/// The kernels that the studio holds, one a notebook.
final class KernelDesk: Sendable {
    /// Where what notebooks train goes.
    private let workspace: String
    private let tell: @Sendable (Action) -> Void
    private let places: @Sendable () -> [AttachedPlace]
    private let kernels = Mutex<[String: HeldKernel]>([:])

    /// - Parameters:
    ///   - places: the machines that kernels may be on besides this one.
    ///   - tell: told how kernels stand.
    init(
        _ workspace: String, places: @escaping @Sendable () -> [AttachedPlace], tell: @escaping @Sendable (Action) -> Void
    ) {
        (self.workspace, self.places, self.tell) = (workspace, places, tell)
    }

    /// Hands a wish to the notebook's kernel; returns at once.
    func perform(_ wish: KernelWish) {
        if case .open(let hardware) = wish.kind { return open(wish.path, hardware) }
        guard let kernel = kernels.withLock({ $0[wish.path] }) else { return }
        kernel.perform(wish.kind)
        // Its thread ends by itself; whoever closes the studio waits for it.
    }

    private func open(_ path: String, _ hardware: KernelHardware) {
        let old = kernels.withLock { $0[path] }
        old?.perform(.close)
        do {
            let kernel = try HeldKernel(path, hardware, workspace: workspace, places: places, after: old) { [tell] in
                tell(.kernelChanged($0))
            }
            kernels.withLock { $0[path] = kernel }
        } catch { tell(.commandRefused("\(error)")) }
    }

    /// Ends all kernels and waits for them.
    func close() {
        let all = kernels.withLock { kernels in
            defer { kernels = [:] }
            return Array(kernels.values)
        }
        for kernel in all { kernel.perform(.close) }
        for kernel in all { kernel.join() }
    }
}
