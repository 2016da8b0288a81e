import Events
import Experiments
import JSON
import Serving

/// `descent alarm create|list|show|delete`.
enum AlarmCommands {
    private static let named = PositionalSpecification(name: "ALARM", help: "an alarm's name")

    static let create = CommandSpecification(
        words: ["alarm", "create"],
        summary: "watch an endpoint's latency, errors or requests, for deployments to be rolled back by",
        positionals: [.init(name: "NAME", help: "what it is called: \(EndpointName.form)")],
        options: [
            .init(name: "--endpoint", value: "NAME", help: "the endpoint"),
            .init(name: "--variant", value: "NAME", help: "one of its variants (default: all)"),
            .init(
                name: "--metric", value: "METRIC",
                help: "\(AlarmRule.Metric.allCases.map(\.rawValue).joined(separator: ", ")); latencies in microseconds, "
                    + "utilizations in percent"),
            .init(
                name: "--monitor", value: "NAME",
                help: "the monitor of the endpoint's that MonitorViolations and MonitorValue are of"),
            .init(
                name: "--feature", value: "COL",
                help: "the column or the metric that MonitorValue is of, such as accuracy; violations of this one alone"),
            .init(
                name: "--statistic", value: "S",
                help: "Average (default; of errors: their share), Sum, or a percentile such as p99"),
            .init(name: "--threshold", value: "N", help: "what the value is compared with"),
            .init(name: "--comparison", value: "C", help: "gt (default), ge, lt or le"),
            .init(name: "--period", value: "SECONDS", help: "how long a period is (default: 60)"),
            .init(name: "--evaluation-periods", value: "N", help: "how many periods are looked at (default: 1)"),
            .init(name: "--datapoints", value: "M", help: "how many of them have to be beyond the threshold (default: all)"),
            .init(
                name: "--missing", value: "AS",
                help: "what a period without requests is: notBreaching (default), breaching, ignore, missing"),
        ],
        examples: [
            "descent alarm create churn-errors --endpoint churn --metric InvocationModelErrors --statistic Sum --threshold 0 --period 10",
            "descent alarm create churn-worse --endpoint churn --metric MonitorValue --monitor churn-model-quality --feature accuracy --comparison lt --threshold 0.8",
            "descent alarm create churn-slow --endpoint churn --metric ModelLatency --statistic p99 --threshold 5000 --period 10 --evaluation-periods 3 --datapoints 2",
        ],
        run: { arguments in
            let name = arguments.positionals[0]
            guard EndpointName.isValid(name) else {
                throw CommandError.usage("an alarm cannot be called '\(name)': \(EndpointName.form)")
            }
            func needed(_ option: String) throws(CommandError) -> String {
                guard let value = arguments.value(option) else { throw .usage("an alarm needs \(option)") }
                return value
            }
            func whole(_ option: String, _ usual: Int) throws(CommandError) -> Int {
                guard let text = arguments.value(option) else { return usual }
                guard let number = Int(text) else { throw .usage("\(option) '\(text)': give a whole number") }
                return number
            }
            guard let threshold = Double(try needed("--threshold")) else {
                throw CommandError.usage("--threshold '\(arguments.value("--threshold") ?? "")': give a number")
            }
            let periods = try whole("--evaluation-periods", 1)
            var alarm = AlarmRecord(
                name: name, endpoint: try needed("--endpoint"), variant: arguments.value("--variant"),
                metric: try needed("--metric"), statistic: arguments.value("--statistic") ?? "Average",
                comparison: arguments.value("--comparison") ?? "gt", missing: arguments.value("--missing") ?? "notBreaching",
                threshold: threshold, period: try whole("--period", 60), evaluationPeriods: periods,
                datapoints: try whole("--datapoints", periods))
            (alarm.monitor, alarm.feature) = (arguments.value("--monitor"), arguments.value("--feature"))
            let rule = try alarm.rule()
            let client = try EndpointClient(arguments)
            _ = try client.endpoints.endpoint(named: alarm.endpoint)
            try check(alarm, rule.metric, client.store)
            try client.store.alarms.register(alarm)
            tell(alarm, arguments)
            return .done
        })

    /// - Throws: usage, where a metric of a monitor does not say which.
    private static func check(_ alarm: AlarmRecord, _ metric: AlarmRule.Metric, _ store: RunStore) throws {
        guard metric.isOfMonitor else {
            if alarm.monitor != nil || alarm.feature != nil {
                throw CommandError.usage("--monitor and --feature are for the metrics MonitorViolations and MonitorValue")
            }
            return
        }
        guard let name = alarm.monitor else {
            throw CommandError.usage("\(metric.rawValue) is of a monitor: name it with --monitor NAME")
        }
        let monitor = try store.monitors.monitor(named: name)
        guard monitor.endpoint == alarm.endpoint else {
            throw CommandError.usage("\(name) does not watch \(alarm.endpoint): name one of its monitors")
        }
        if metric == .monitorValue, alarm.feature == nil {
            throw CommandError.usage("MonitorValue is of a column or a metric: name it with --feature COL")
        }
        if alarm.variant != nil { throw CommandError.usage("a monitor looks at the whole endpoint: leave --variant out") }
    }

    static let list = CommandSpecification(
        words: ["alarm", "list"], summary: "list alarms, by name", examples: ["descent alarm list --json"],
        run: { arguments in
            guard let store = try WorkspaceChoice.readingIfAny(arguments) else { return .done }
            for alarm in try store.alarms.all() { tell(alarm, arguments) }
            return .done
        })

    static let show = CommandSpecification(
        words: ["alarm", "show"], summary: "show an alarm, and when it was on", positionals: [named],
        examples: ["descent alarm show churn-errors"],
        run: { arguments in
            let alarm = try WorkspaceChoice.reading(arguments).alarms.alarm(named: arguments.positionals[0])
            tell(alarm, arguments)
            if !arguments.flag("--json") {
                for change in alarm.history { Console.print("  \(LocalTime.short(change.at))  \(change.state)") }
            }
            return .done
        })

    static let delete = CommandSpecification(
        words: ["alarm", "delete"], summary: "delete an alarm", positionals: [named],
        examples: ["descent alarm delete churn-errors"],
        run: { arguments in
            let client = try EndpointClient(arguments)
            let alarm = try client.store.alarms.alarm(named: arguments.positionals[0])
            try client.store.alarms.remove(alarm.name)
            if !arguments.flag("--quiet") { Console.note("\(alarm.name) is deleted") }
            return .done
        })

    private static func tell(_ alarm: AlarmRecord, _ arguments: ParsedArguments) {
        if arguments.flag("--json") {
            return Console.print(JSONValue.object([.init("kind", .string("alarm"))] + (alarm.json.members ?? [])).text)
        }
        let place = alarm.endpoint + (alarm.variant.map { "/\($0)" } ?? "")
        Console.print(
            "\(alarm.name)  \(alarm.state)  \(place): \(alarm.what) \(alarm.comparison) "
                + "\(JSONValue.text(alarm.threshold)), \(alarm.datapoints) of \(alarm.evaluationPeriods) periods of \(alarm.period) s"
        )
    }
}
