import Clocks
import Databases
import Events
import Experiments
import Files
import JSON
import ModelExports
import OutputFiles
import Training

/// `descent models export`: a model for other programs.
enum ModelExportCommand {
    /// The forms there are.
    private enum Form: String, CaseIterable {
        case onnx, mlflow, safetensors, xgboost, huggingface, sagemaker

        /// What a file's ending asks for.
        init?(path: String) {
            let name = FilePath.name(path)
            if name.hasSuffix(".onnx") {
                self = .onnx
            } else if name.hasSuffix(".safetensors") {
                self = .safetensors
            } else if name == "README.md" {
                self = .huggingface
            } else {
                return nil
            }
        }

        static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
    }

    static let specification = CommandSpecification(
        words: ["models", "export"], summary: "write a model for other programs: ONNX, MLflow, safetensors, XGBoost, cards",
        details: """
            onnx: the model with its preparation. Each column is an input of its name, [rows, 1]: numbers are NaN where they are \
            missing, texts empty, moments seconds since 1970 (UTC). Outputs are called as scikit-learn's converters call them: \
            variable; label and probabilities; label and scores. IR \(ModelGraph.irVersion), opset \(ModelGraph.opset), \
            ai.onnx.ml \(ModelGraph.learningOpset): onnxruntime 1.10 and newer. Columns of free text take an operator \
            of ONNX Runtime's own (com.microsoft.Tokenizer), which other runtimes lack; hashed words have no form in ONNX. Of a pipeline's \
            steps these have one: drop, rename, retype of numbers, impute, clip, scale (log among them), encode, difference, product, ratio; \
            dates, text, lag and rolling have none, and a model that needs them is refused before anything is written.
            mlflow: a folder that mlflow.pyfunc.load_model reads; it answers as `descent predict` does.
            safetensors: what was learned as named arrays, without preparation.
            xgboost: XGBoost's own JSON, with the names of the features that its columns are.
            huggingface, sagemaker: a model card, README.md with front matter or JSON.
            """,
        positionals: [.init(name: "MODEL", help: ChosenModel.help)],
        options: [
            .init(name: "--format", value: "F", help: "\(Form.words) (default: by the ending of PATH)"),
            .init(name: "--out", value: "PATH", help: "the file, or for mlflow the folder, to write"),
        ],
        examples: [
            "descent models export @best --out churn.onnx", "descent models export churn:2 --format mlflow --out churn-model",
        ],
        run: { arguments in
            guard let path = arguments.value("--out") else {
                throw CommandError.usage("--out is missing: name the file or folder to write")
            }
            let form = try form(arguments, path)
            let workspace = try WorkspaceChoice.existing(arguments)
            let chosen = try ChosenModel(arguments.positionals[0], workspace: workspace)
            do throws(ModelExportError) {
                try write(chosen, as: form, to: path, workspace, isQuiet: arguments.flag("--quiet"))
            } catch {
                throw error.code == .unsupported
                    ? CommandError.usage("\(chosen.name): \(error.message)")
                    : CommandError.failed("\(chosen.name): \(error.message)")
            }
            if arguments.flag("--json"), path != OutputFile.standardOutput {
                let line = JSONValue.object([
                    "kind": .string("modelExported"), "model": .string(chosen.version?.title ?? chosen.name),
                    "id": .string(chosen.id), "format": .string(form.rawValue), "path": .string(path),
                ])
                Console.print(line.text)
            } else if !arguments.flag("--quiet"), path != OutputFile.standardOutput {
                Console.note("\(chosen.version?.title ?? chosen.name): \(form.rawValue) to \(path)")
            }
            return .done
        })

    private static func form(_ arguments: ParsedArguments, _ path: String) throws(CommandError) -> Form {
        guard let word = arguments.value("--format") else {
            guard let form = Form(path: path) else {
                throw .usage("\(path): its ending says no format: name one with --format \(Form.words)")
            }
            return form
        }
        guard let form = Form(rawValue: word) else { throw .usage("--format '\(word)': use \(Form.words)") }
        if form == .mlflow, path == OutputFile.standardOutput {
            throw .usage("--format mlflow writes a folder: name one with --out")
        }
        return form
    }

    private static func write(
        _ chosen: ChosenModel, as form: Form, to path: String, _ workspace: Workspace, isQuiet: Bool
    ) throws(ModelExportError) {
        let model = chosen.model, version = Engine.version
        switch form {
        case .onnx:
            let graph = try ModelGraph(model, version: version)
            try write(graph.bytes, to: path)
            if graph.needsONNXRuntime, !isQuiet {
                Console.note("note: its texts are parted by an operator of ONNX Runtime's own: other runtimes cannot read it")
            }
        case .safetensors: try write(try SafeTensors(model, version: version).bytes, to: path)
        case .xgboost: try write(Array(try XGBoostFile(model).text.utf8), to: path)
        case .huggingface: try write(Array(try card(chosen, workspace).huggingFace.utf8), to: path)
        case .sagemaker: try write(Array((try card(chosen, workspace).sageMaker.text + "\n").utf8), to: path)
        case .mlflow:
            guard FileStamp(path + "/MLmodel") == nil else {
                throw ModelExportError(.notWritten, "there is a model in \(path) already: choose another folder")
            }
            try MLflowModelFolder(model, version: version, createdAt: moment(WallClock.now())).write(to: path)
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(ModelExportError) {
        do throws(OutputError) {
            let file = try OutputFile(path)
            try bytes.withUnsafeBufferPointer { buffer throws(OutputError) in try file.write(buffer) }
            try file.finish()
        } catch { throw ModelExportError(.notWritten, error.description) }
    }

    /// As Python writes moments in UTC.
    private static func moment(_ time: Double) -> String {
        WallClock.text(time).map { $0 == "T" ? " " : String($0) }.joined().split(separator: "Z").first.map(String.init) ?? ""
    }

    /// What is known of the model where it comes from.
    private static func card(_ chosen: ChosenModel, _ workspace: Workspace) throws(ModelExportError) -> ModelCard {
        var metrics: [MetricName: Double] = [:], settings: [String: String] = [:], note = ""
        do throws(StoreError) {
            let store = try RunStore(reading: workspace)
            if let version = chosen.version {
                (metrics, settings, note) = (version.metrics, version.hyperparameters, version.note)
            } else if let run = try store.run(RunID(chosen.id)) {
                metrics = try store.keptMetrics(of: run) ?? run.lastMetrics
                (settings, note) = (run.record.hyperparameters, run.note)
            } else if let job = try store.automls.all().first(where: { $0.id == chosen.id }), let ensemble = job.ensemble {
                metrics = [job.objective.metric: ensemble.value]
            }
        } catch { throw ModelExportError(.badModel, error.description) }
        return ModelCard(
            name: chosen.version?.name ?? chosen.name, model: chosen.model, version: Engine.version, sourceID: chosen.id,
            dataName: chosen.request.datasetPath.isEmpty ? "" : FilePath.name(chosen.request.datasetPath),
            metrics: metrics.filter { !$0.key.isSystem }.sorted { $0.key < $1.key }.map { ($0.key.text, $0.value) },
            hyperparameters: settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, note: note)
    }
}
