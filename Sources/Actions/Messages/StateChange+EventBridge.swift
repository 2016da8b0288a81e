import Clocks
import Events
import JSON

extension StateChange {
    /// The change as Amazon EventBridge has events, with what SageMaker tells of a rule among its details, so that what was written for
    /// those understands it.
    /// - Source: EventBridge User Guide, "Events"; SageMaker's "Training Job State Change".
    public var eventBridge: JSONValue {
        let moment = Self.wholeSeconds(time)
        if kind == .alarm { return alarmEvent(moment) }
        let status: JSONValue = .object([
            "RuleConfigurationName": .string(name), "RuleEvaluationStatus": .string(sageMakerStatus),
            "StatusDetails": .string(Notice.cut(summary, 1024)), "LastModifiedTime": .string(moment),
        ])
        return .object([
            "version": .string("0"), "id": .string(Notice.uuid(identity)),
            "detail-type": .string("Descent \(kind.rawValue.prefix(1).uppercased())\(kind.rawValue.dropFirst()) State Change"),
            "source": .string("descent"), "account": .string("000000000000"), "time": .string(moment),
            "region": .string("local"), "resources": .array([.string("descent:run/\(run.text)")]),
            "detail": json.adding([
                .init("TrainingJobName", .string(runName)), .init("DebugRuleEvaluationStatuses", .array([status])),
            ]),
        ])
    }

    /// As CloudWatch tells of an alarm.
    /// - Source: Amazon CloudWatch User Guide, "Alarm events and EventBridge".
    private func alarmEvent(_ moment: String) -> JSONValue {
        .object([
            "version": .string("0"), "id": .string(Notice.uuid(identity)), "detail-type": .string("Descent Alarm State Change"),
            "source": .string("descent"), "account": .string("000000000000"), "time": .string(moment),
            "region": .string("local"), "resources": .array([.string("descent:endpoint/\(runName)")]),
            "detail": .object([
                "kind": .string(kind.rawValue), "alarmName": .string(name), "EndpointName": .string(runName),
                "state": .object([
                    "value": .string(alarmWord), "reason": .string(Notice.cut(summary, 1024)), "timestamp": .string(moment),
                ]),
            ]),
        ])
    }

    /// SageMaker's word for the state.
    private var sageMakerStatus: String {
        switch state {
        case .issue: "IssuesFound"
        case .ok, .cleared: "NoIssuesFound"
        case .waitingForData, .suspect: "InProgress"
        case .error: "Error"
        case .disabled: "Stopped"
        }
    }

    /// `2026-11-20T14:02:11Z`
    private static func wholeSeconds(_ time: Double) -> String { WallClock.text(time).prefix(19) + "Z" }
}
