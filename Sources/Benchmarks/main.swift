import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())

do {
    switch arguments.first {
    case "bus": try BusBenchmark.run()
    case "debugger": try DebuggerBenchmark.run()
    case "csv" where arguments.count == 2: try CSVBenchmark.run(arguments[1])
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
    case "tensors" where arguments.count >= 2:
        try TensorBenchmark.run(arguments[1], repetitions: arguments.count > 2 ? Int(arguments[2]) ?? 7 : 7)
    case "inference": try InferenceBenchmark.run(requestCount: arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000)
    case "frames": try FrameBenchmark.run(pointCount: arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000)
    case "endurance": EnduranceBenchmark.run(keyCount: 20_000, sizeCount: 10_000)
    case "workspace" where arguments.count == 3: try StoreBenchmark.make(arguments[1], runCount: Int(arguments[2]) ?? 1000)
    case "curves" where arguments.count >= 5:
        let counts = arguments.dropFirst(2).map { Int($0) ?? 0 }
        try CurveWorkspace(
            runCount: counts[0], metricCount: counts[1], pointCount: counts[2], longPointCount: counts.count > 3 ? counts[3] : 0
        ).make(arguments[1])
    case "explain" where arguments.count == 3: try ExplainBenchmark.run(document: arguments[1], arguments[2])
    case "suggest": try SuggestionBenchmark.run(Array(arguments.dropFirst()))
    case "tuning" where arguments.count >= 2:
        try TuningBenchmark.run(trialCount: Int(arguments[1]) ?? 2000, folder: arguments.dropFirst(2).first)
    case "table" where arguments.count == 2: try TableBenchmark.run(arguments[1])
    case "long-run" where arguments.count == 2: try StoreBenchmark.longRun(arguments[1], pointCount: 1_000_000)
    default:
        print(
            "usage: Benchmarks bus | inference [N] | debugger | csv FILE | train BASE ALGORITHM [NAME=VALUE]… | trees BASE [ROUNDS] | watched DIR [ROWS] | tensors DIR [TIMES] | frames [N] | endurance | workspace DIR N | curves DIR RUNS METRICS POINTS [LONG] | explain MODEL.json BASE | suggest STRATEGY SEED TRIALS NAME=RANGE… | table DIR | tuning TRIALS [DIR] | long-run DIR"
        )
        exit(2)
    }
} catch {
    print("failed: \(error)")
    exit(1)
}
