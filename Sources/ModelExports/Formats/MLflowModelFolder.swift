import Files
import Glibc
import JSON
import Training

/// A folder that MLflow reads as a model: its description, the model in ONNX, and the Python that asks it.
///
/// `mlflow.pyfunc.load_model` gives the columns that `descent predict` adds; `mlflow.onnx.load_model` the graph itself.
///
/// - Source: MLflow 3.17, `MLmodel` with the flavours `onnx` and `python_function`.
public struct MLflowModelFolder {
    /// The folder's files by name; the description last, since a folder with one is whole.
    public let files: [(name: String, content: [UInt8])]

    /// - Parameter createdAt: as `2026-11-20 12:00:00.000000`, UTC.
    /// - Throws: as `ModelGraph.init`.
    public init(_ model: Model, version: String, createdAt: String) throws(ModelExportError) {
        let graph = try ModelGraph(model, version: version)
        let description = """
            flavors:
              onnx:
                code: null
                data: model.onnx
                onnx_version: 1.17.0
                providers:
                - CPUExecutionProvider
              python_function:
                code: code
                data: model.onnx
                env:
                  virtualenv: python_env.yaml
                loader_module: descent_onnx
                python_version: 3.11.0
            signature:
              inputs: \(Self.quoted(Self.columns(graph.inputs)))
              outputs: null
              params: null
            utc_time_created: '\(createdAt)'

            """
        let requirements = "mlflow\nonnx>=1.12\nonnxruntime>=1.10\nnumpy\npandas\n"
        let environment = "python: 3.11.0\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n"
        files = [
            ("code/descent_onnx.py", Array(Self.loader.utf8)), ("model.onnx", graph.bytes),
            ("requirements.txt", Array(requirements.utf8)), ("python_env.yaml", Array(environment.utf8)),
            ("MLmodel", Array(description.utf8)),
        ]
    }

    /// Writes the folder; whatever else lies in it stays.
    ///
    /// - Throws: `notWritten`.
    public func write(to folder: String) throws(ModelExportError) {
        var written: [String] = []
        do throws(FileError) {
            for file in files {
                let path = folder + "/" + file.name
                try Folder.make(FilePath.folder(path))
                written.append(path)
                try AtomicFile.write(file.content, to: path)
            }
        } catch {
            // No half of a folder. What has other files in it stays.
            for path in written { unlink(path) }
            for path in Set(files.map { FilePath.folder(folder + "/" + $0.name) }).sorted(by: >) { rmdir(path) }
            throw ModelExportError(.notWritten, error.description)
        }
    }

    /// Data frames have numbers of double precision, which are made single where the graph wants them.
    private static func columns(_ ports: [ModelGraph.Port]) -> JSONValue {
        .array(
            ports.map { port in
                .object([
                    "type": .string(port.kind == .string ? "string" : "double"), "name": .string(port.name),
                    "required": .boolean(true),
                ])
            })
    }

    /// One text of YAML, whatever stands in it.
    private static func quoted(_ value: JSONValue) -> String {
        "'" + value.text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// What MLflow calls: missing texts become empty ones, and outputs the columns of `descent predict`.
    private static let loader = """
        \"\"\"Asks a model that Descent wrote as ONNX, for mlflow.pyfunc.\"\"\"

        import json

        import numpy
        import onnxruntime
        import pandas


        def _load_pyfunc(path):
            return DescentModel(path)


        class DescentModel:
            def __init__(self, path):
                self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
                self.classes = json.loads(self.session.get_modelmeta().custom_metadata_map.get("classes", "[]"))

            def predict(self, data, params=None):
                rows = data if isinstance(data, pandas.DataFrame) else pandas.DataFrame(data)
                feeds = {port.name: self.column(rows[port.name], port.type) for port in self.session.get_inputs()}
                answers = dict(zip([port.name for port in self.session.get_outputs()], self.session.run(None, feeds)))
                return self.frame(answers, rows.index)

            @staticmethod
            def column(values, kind):
                if kind == "tensor(string)":
                    texts = ["" if missing else str(value) for value, missing in zip(values, values.isna())]
                    return numpy.array(texts, dtype=object).reshape(-1, 1)
                precision = numpy.float32 if kind == "tensor(float)" else numpy.float64
                if pandas.api.types.is_datetime64_any_dtype(values):
                    seconds = (values - pandas.Timestamp(0, tz=values.dt.tz)) / pandas.Timedelta(seconds=1)
                    return seconds.to_numpy(dtype=precision).reshape(-1, 1)
                return pandas.to_numeric(values).to_numpy(dtype=precision, na_value=numpy.nan).reshape(-1, 1)

            def frame(self, answers, index):
                if "label" not in answers:
                    variable = answers["variable"]
                    names = ["prediction"] if variable.shape[1] == 1 and not self.projects() else [
                        "projection_%d" % (place + 1) for place in range(variable.shape[1])]
                    return pandas.DataFrame(variable, columns=names, index=index)
                columns = {"prediction": answers["label"]}
                scores = answers.get("probabilities", answers.get("scores"))
                if not self.classes:
                    columns["distance"] = scores.min(axis=1)
                elif len(self.classes) == 2:
                    columns["score"] = scores[:, -1]
                else:
                    for place, name in enumerate(self.classes):
                        columns["score_" + name] = scores[:, place]
                return pandas.DataFrame(columns, index=index)

            def projects(self):
                return self.session.get_modelmeta().custom_metadata_map.get("task") == "decomposition"

        """
}
