import Glibc
import Synchronization
import Tables

/// A flag one thread sets and another looks at.
final class StopFlag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

let arguments = Array(CommandLine.arguments.dropFirst())

/// Reads a file whole, as training does.
func measureCSV(_ path: String) throws {
    let wall = Measurement.wallSeconds(), cpu = Measurement.processSeconds()
    let table = try Table(contentsOf: path)
    let alone = (wall: Measurement.wallSeconds() - wall, cpu: Measurement.processSeconds() - cpu)
    let target = table.columns[0].name
    let pipeline = try FeaturePipeline.fit(table, rows: Array(0..<table.rowCount), target: target, standardises: false)
    let read = (wall: Measurement.wallSeconds() - wall, cpu: Measurement.processSeconds() - cpu)
    let matrix = try pipeline.transform(table, rows: nil)
    Measurement.report(
        "csv",
        [
            "table_wall_s": alone.wall, "table_cpu_s": alone.cpu, "wall_s": read.wall, "cpu_s": read.cpu,
            "matrix_wall_s": Measurement.wallSeconds() - wall,
            "matrix_cpu_s": Measurement.processSeconds() - cpu, "rss_mb": Measurement.peakMegabytes(),
            "rows": Double(matrix.rowCount),
        ])
}

do {
    switch arguments.first {
    case "bus": try BusBenchmark.run()
    case "debugger": try DebuggerBenchmark.run()
    case "csv" where arguments.count == 2: try measureCSV(arguments[1])
    case "train" where arguments.count >= 3:
        let settings = arguments.dropFirst(3).map { $0.split(separator: "=").map(String.init) }
        try LearnerBenchmark.train(
            arguments[1], algorithm: arguments[2],
            settings: Dictionary(settings.map { ($0[0], $0.last ?? "") }, uniquingKeysWith: { $1 }))
    case "trees" where arguments.count >= 2:
        try TreeBenchmark.run(arguments[1], rounds: arguments.count > 2 ? arguments[2] : "100")
    case "watched" where arguments.count >= 2:
        let rows = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 100_000
        try TrainingBenchmark.watched(arguments[1], rowCount: rows, repetitions: 7)
    case "frames": try FrameBenchmark.run(pointCount: arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000)
    case "workspace" where arguments.count == 3: try StoreBenchmark.make(arguments[1], runCount: Int(arguments[2]) ?? 1000)
    case "curves" where arguments.count >= 5:
        let counts = arguments.dropFirst(2).map { Int($0) ?? 0 }
        try CurveWorkspace(
            runCount: counts[0], metricCount: counts[1], pointCount: counts[2], longPointCount: counts.count > 3 ? counts[3] : 0
        ).make(arguments[1])
    case "table" where arguments.count == 2: try TableBenchmark.run(arguments[1])
    case "long-run" where arguments.count == 2: try StoreBenchmark.longRun(arguments[1], pointCount: 1_000_000)
    default:
        print(
            "usage: Benchmarks bus | debugger | csv FILE | train BASE ALGORITHM [NAME=VALUE]… | trees BASE [ROUNDS] | watched DIR [ROWS] | frames [N] | workspace DIR N | curves DIR RUNS METRICS POINTS [LONG] | table DIR | long-run DIR"
        )
        exit(2)
    }
} catch {
    print("failed: \(error)")
    exit(1)
}
