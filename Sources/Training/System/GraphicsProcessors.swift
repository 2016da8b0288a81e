import Events
import Glibc

/// What NVIDIA's graphics processors of this machine do, where their library is. Loaded when it is first asked.
///
/// - Source: NVML API reference: nvmlInit_v2, nvmlDeviceGetCount_v2, nvmlDeviceGetHandleByIndex_v2, nvmlDeviceGetUtilizationRates,
///   nvmlDeviceGetMemoryInfo.
// SAFETY: written once, before anybody else can see it; NVML's functions may be called from any thread.
package final class GraphicsProcessors: @unchecked Sendable {
    private typealias Plain = @convention(c) () -> Int32
    private typealias Count = @convention(c) (UnsafeMutablePointer<UInt32>?) -> Int32
    private typealias Handle = @convention(c) (UInt32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Int32
    private typealias Rates = @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt32>?) -> Int32
    private typealias Memory = @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt64>?) -> Int32

    private let devices: [UnsafeMutableRawPointer]
    private let rates: Rates
    private let memory: Memory

    /// Those of this machine; nil where there are none, or the library is not here. DESCENT_NVML names another file.
    package static let ofMachine = GraphicsProcessors(
        library: getenv("DESCENT_NVML").map { String(cString: $0) } ?? "libnvidia-ml.so.1")

    package init?(library: String) {
        guard let file = dlopen(library, RTLD_NOW | RTLD_LOCAL) else { return nil }
        func find<Function>(_ name: String, _ type: Function.Type) -> Function? {
            dlsym(file, name).map { unsafeBitCast($0, to: type) }
        }
        guard let start = find("nvmlInit_v2", Plain.self), let count = find("nvmlDeviceGetCount_v2", Count.self),
            let handle = find("nvmlDeviceGetHandleByIndex_v2", Handle.self),
            let rates = find("nvmlDeviceGetUtilizationRates", Rates.self),
            let memory = find("nvmlDeviceGetMemoryInfo", Memory.self),
            start() == 0
        else { return nil }
        var number: UInt32 = 0
        guard count(&number) == 0, number > 0 else { return nil }
        (self.rates, self.memory) = (rates, memory)
        devices = (0..<min(number, 64)).compactMap { index in
            var device: UnsafeMutableRawPointer?
            return handle(index, &device) == 0 ? device : nil
        }
        if devices.isEmpty { return nil }
    }

    package var count: Int { devices.count }

    /// How busy each is, and how much of its memory is taken; those that do not say are left out.
    package var each: [MachineUse.Graphics] {
        devices.compactMap { device in
            var shares: [UInt32] = [0, 0], sizes: [UInt64] = [0, 0, 0]
            guard rates(device, &shares) == 0, memory(device, &sizes) == 0, sizes[0] > 0 else { return nil }
            return MachineUse.Graphics(
                percent: Double(min(shares[0], 100)), memoryPercent: min(100, 100 * Double(sizes[2]) / Double(sizes[0])))
        }
    }

    /// How busy they are, 0 to 100 each and the mean of all, and bytes of their memory that are taken, all together; nil where they
    /// do not say.
    package var use: (percent: Double?, memory: Double?) {
        var percents: [Double] = [], bytes: [Double] = []
        for device in devices {
            // Percent of the time in which something ran, and in which memory was read or written.
            var shares: [UInt32] = [0, 0]
            if rates(device, &shares) == 0 { percents.append(Double(min(shares[0], 100))) }
            // Bytes in all, free and taken.
            var sizes: [UInt64] = [0, 0, 0]
            if memory(device, &sizes) == 0 { bytes.append(Double(sizes[2])) }
        }
        return (
            percents.isEmpty ? nil : percents.reduce(0, +) / Double(percents.count), bytes.isEmpty ? nil : bytes.reduce(0, +)
        )
    }
}
