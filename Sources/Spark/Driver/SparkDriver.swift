import Files
import Glibc
import JSON
import Programs

/// The process of Python that drives Spark, and lines of JSON to and from it. Confined to the job's thread.
///
/// It ends when its input is closed, and Spark with it, whoever is killed. What Spark prints besides goes into a file.
final class SparkDriver {
    private let program: LineProgram
    private let logPath: String
    private var number = 0

    /// How long Spark may take to end.
    /// - Units: seconds.
    private static let patience = 20

    /// - Parameters:
    ///   - arguments: behind `-m descent._spark`.
    ///   - logPath: a file for what Spark prints.
    init(python: String, arguments: [String], environment: [String: String], logPath: String) throws(SparkFault) {
        self.logPath = logPath
        do throws(ProgramStart.Failure) {
            program = try LineProgram(
                ProgramStart([python, "-m", "descent._spark"] + arguments, environment: environment), errorPath: logPath)
        } catch {
            throw SparkFault(
                .failed,
                "\(python) cannot be started (\(error.words)): install the engine again (descent engine install spark)")
        }
    }

    /// A driver that somebody else's program of Python is: `descent.spark`, on whose frame a run is trained.
    ///
    /// - Parameter socket: where it listens.
    init(connectingTo socket: String, logPath: String) throws(SparkFault) {
        self.logPath = logPath
        let file = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(socket.utf8) + [0], room = MemoryLayout.size(ofValue: address.sun_path)
        guard file >= 0, bytes.count <= room else {
            throw SparkFault(.failed, "\(socket) cannot be reached: its name is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(file, $0, length) }
        }
        guard code == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(file)
            throw SparkFault(
                .failed, "nobody answers at \(socket) (\(reason)): train from descent.spark, or leave DESCENT_SPARK_SESSION out")
        }
        program = LineProgram(connected: file)
    }

    /// Asks for something and waits for the answer.
    ///
    /// - Parameters:
    ///   - isStopped: looked at 20 times a second; Spark's jobs are cancelled then.
    ///   - news: told what comes meanwhile.
    /// - Throws: what the driver refuses, by its code; `stopped`; `failed` where it has ended.
    func ask(
        _ op: String, _ members: [JSONValue.Member], isStopped: () -> Bool, news: (JSONValue) -> Void
    ) throws(SparkFault) -> JSONValue {
        number += 1
        send(JSONValue.object([.init("op", .string(op)), .init("id", .integer(number))] + members))
        var isCancelled = false
        while true {
            if !isCancelled, isStopped() {
                isCancelled = true
                send(.object(["op": .string("cancel"), "id": .integer(number)]))
            }
            guard let line = try nextLine(milliseconds: 50) else { continue }
            if let told = line["news"] {
                news(told)
                continue
            }
            guard line["id"]?.integer == number else { continue }
            if isCancelled { throw SparkFault(.stopped, "stopped while Spark was at work") }
            if let error = line["error"] {
                let code = SparkFault.Code(rawValue: error["code"]?.string ?? "") ?? .failed
                throw SparkFault(code, error["message"]?.string ?? "Spark failed: see \(logPath)")
            }
            return line["result"] ?? .null
        }
    }

    /// Hears what comes unasked, once.
    ///
    /// - Parameter news: told of it.
    /// - Throws: `failed` where the driver has ended.
    func listen(milliseconds: Int32, news: (JSONValue) -> Void) throws(SparkFault) {
        if let told = try nextLine(milliseconds: milliseconds)?["news"] { news(told) }
    }

    private func send(_ value: JSONValue) { program.send(value.text) }

    private func nextLine(milliseconds: Int32) throws(SparkFault) -> JSONValue? {
        switch program.hear(withinMilliseconds: milliseconds) {
        case .nothing: return nil
        case .end: throw SparkFault(.failed, "Spark ended unasked: \(lastError()): see \(logPath)")
        // What is no JSON is nobody's answer.
        case .line(let line): do throws(JSONError) { return try JSONValue(parsing: line) } catch { return nil }
        }
    }

    /// The last line of the log that tells of an error.
    private func lastError() -> String {
        let lines = (FileContents.text(logPath) ?? "").split(separator: "\n").suffix(200)
        let told = lines.last { $0.contains("Error") || $0.contains("Exception") } ?? lines.last
        return told.map { String($0.prefix(300)) } ?? "it printed nothing"
    }

    /// Ends it, and Spark with it, and waits for that.
    func close() { program.close(patience: Self.patience) }

    deinit { close() }
}
