import CheckedNumbers
import Files
import Glibc

/// What an endpoint has captured: `FOLDER/ENDPOINT/VARIANT/yyyy/mm/dd/hh/*.jsonl`.
public struct CaptureFolder: Sendable {
    private let path: String

    /// Lines that could not be read, and the first of them.
    public struct Faults: Sendable, Hashable {
        public var count = 0
        public var first: String?

        mutating func add(_ place: String, _ message: String) {
            count += 1
            first = first ?? "\(place): \(message)"
        }
    }

    /// - Parameter path: the endpoint's folder.
    public init(_ path: String) { self.path = path }

    /// Hands over what was asked from a time on, and before another, variant by variant and file by file, one request at a time.
    ///
    /// - Parameter variant: nil = all.
    public func requests(
        from: Double, until: Double, variant: String? = nil, _ take: (CapturedRequest) throws -> Void
    ) throws -> Faults {
        var faults = Faults()
        for name in Folder.names(in: path) where variant == nil || name == variant {
            for hour in Self.hours(from: from, until: until) {
                let folder = "\(path)/\(name)/\(hour)"
                for file in Folder.names(in: folder) where file.hasSuffix(".jsonl") {
                    try read("\(folder)/\(file)", from..<until, &faults, take)
                }
            }
        }
        return faults
    }

    /// `yyyy/mm/dd/hh` of every hour that has part of a stretch of time, of which a year at most is looked at.
    static func hours(from: Double, until: Double) -> [String] {
        guard until > from else { return [] }
        let last = Int(roundedDownWithin: (until - 1e-6) / 3600),
            first = max(Int(roundedDownWithin: from / 3600), last - 24 * 366)
        return (first...max(first, last)).map { hour in
            var moment = time_t(hour * 3600), parts = tm()
            gmtime_r(&moment, &parts)
            func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : String(number) }
            return "\(parts.tm_year + 1900)/\(padded(parts.tm_mon + 1))/\(padded(parts.tm_mday))/\(padded(parts.tm_hour))"
        }
    }

    private func read(
        _ file: String, _ times: Range<Double>, _ faults: inout Faults, _ take: (CapturedRequest) throws -> Void
    ) throws {
        let bytes: [UInt8]
        do {
            guard let read = try AtomicFile.read(file, atMost: 1 << 32) else { return }
            bytes = read
        } catch { return faults.add(file, "\(error)") }
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) where !line.isEmpty {
            number += 1
            do {
                let request = try CapturedRequest(line: String(decoding: line, as: UTF8.self))
                if times.contains(request.time) { try take(request) }
            } catch let error as MonitoringError {
                // The last line may not be whole yet.
                faults.add("\(file), line \(number)", error.message)
            }
        }
    }
}
