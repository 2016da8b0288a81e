/// The newest value of each metric as MLflow has it: that of the largest step, of the latest of these, of the largest of these;
/// not the one that was logged last.
///
/// - Source: mlflow/mlflow, store/tracking/file_store.py and sqlalchemy_store.py (`latest_metrics`).
struct MLflowLatest {
    private var newest: [String: (step: Int, time: Double, value: Double)] = [:]

    mutating func include(_ value: LoggedValue) {
        let time = value.wallTime ?? 0
        if let known = newest[value.name], (known.step, known.time, known.value) >= (value.step, time, value.value) { return }
        newest[value.name] = (value.step, time, value.value)
    }

    var values: [String: Double] { newest.mapValues(\.value) }
}
