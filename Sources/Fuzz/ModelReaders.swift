import Events
import Glibc
import JSON
import Learners
import Numerics
import Tables
import Training

/// Models and checkpoints of small runs of every algorithm.
enum ModelReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "models", make: models), FuzzedReader(name: "checkpoints", make: checkpoints),
            FuzzedReader(name: "snapshots", make: snapshots),
        ]
    }

    private struct Job {
        var algorithm: String
        var target: String?
        var settings: [String: String] = [:]
        var prepare: String?
    }

    private static let jobs: [Job] =
        [
            Job(algorithm: "linear-learner", target: "y", settings: ["epochs": "2"]),
            Job(algorithm: "linear-learner", target: "kind", settings: ["epochs": "2"], prepare: "pca=2,kmeans=3"),
            Job(algorithm: "neural-network", target: "colour", settings: ["hidden_layers": "4", "epochs": "2"]),
            Job(
                algorithm: "neural-network", target: "kind",
                settings: ["hidden_layers": "3", "epochs": "2", "batch_normalization": "true", "embedding_width": "2"]),
            Job(algorithm: "knn", target: "kind", settings: ["k": "3", "weighting": "distance"]),
            Job(algorithm: "kmeans", settings: ["k": "3"]), Job(algorithm: "pca", settings: ["num_components": "2"]),
        ]
        + (XGBoostLibrary.isAvailable
            ? [Job(algorithm: "xgboost", target: "kind", settings: ["num_round": "2", "max_depth": "2"])] : [])

    private static let rows: String = {
        var text = "a,b,colour,note,shop,kind,when,at,big,y\n"
        for row in 0..<60 {
            let b = row % 9 == 0 ? "" : String(row * 7 % 13)
            let note = ["red car", "green boat", "blue house"][row % 3] + ["", " again", " once more"][row * 5 % 7 % 3]
            text +=
                "\(Double(row) * 0.5 - 7),\(b),\(["red", "blue"][row * 5 % 7 % 2]),\(note) n\(row),shop\(row % 25),\(["x", "y", "z"][row * 3 % 11 % 3]),"
            let when = row % 10 == 3 ? "" : "2024-0\(1 + row % 9)-1\(row % 7)T0\(row % 8):\(10 + row % 50):00"
            text += "\(when),\(10 + row % 14):\(10 + row % 50),\(1_000_000_000_000_000 + row % 17),\(row * row % 41)\n"
        }
        return text
    }()

    /// Trains and returns the folders of the runs.
    private static func train(_ places: Places) throws -> (data: String, folders: [String]) {
        let data = places.scratch + "/rows.csv"
        FuzzFile.replace(data, with: Array(rows.utf8))
        let bus = EventBus(collectsEvery: 200)
        let supervisor = JobSupervisor(bus: bus, budget: ComputeBudget(threadCount: 1, concurrentJobs: 1))
        var folders: [String] = []
        for (index, job) in jobs.enumerated() {
            let id = RunID("run\(index)"), folder = "\(places.scratch)/run\(index)"
            let request = JobRequest(
                datasetPath: data, target: job.target, algorithm: job.algorithm, hyperparameters: job.settings, seed: 3,
                prepare: job.prepare)
            let record = RunRecord(
                id: id, name: id.text, experiment: "e", algorithm: job.algorithm, request: request, hyperparameters: [:],
                objective: Objective(metric: .validationLoss, minimises: true), seed: 3, dataFingerprint: "", gitRevision: nil,
                version: "fuzz", createdAt: 0, processID: getpid())
            supervisor.start(JobPlan(record: record, artifactFolder: folder))
            supervisor.waitUntilIdle()
            if let failure = supervisor.failure(of: id) { throw failure }
            folders.append(folder)
        }
        supervisor.close()
        bus.close()
        return (data, folders)
    }

    // MARK: models

    private static let opening = Array(#"{"checksum":""#.utf8)

    private static func models(_ places: Places) throws -> Subject {
        let trained = try train(places), table = try Table(contentsOf: trained.data)
        var samples: [Sample] = [], sealed: Set<[UInt8]> = []
        for (index, folder) in trained.folders.enumerated() {
            let bytes = try FuzzFile.read(folder + "/" + Model.fileName)
            sealed.insert(bytes)
            samples.append(Sample("sealed \(index)", bytes))
            // As a version before checksums wrote it, so that its parts alone say whether it is whole.
            var members = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self)).members ?? []
            members.removeAll { $0.name == "checksum" }
            for place in members.indices where members[place].name == "format" { members[place].value = .integer(1) }
            samples.append(Sample("plain \(index)", text: JSONValue.object(members).text))
        }
        let folder = places.scratch + "/damaged"
        try FuzzFile.makeFolder(folder)
        return Subject(samples: samples) { sample in
            FuzzFile.replace(folder + "/" + Model.fileName, with: sample.bytes)
            let model: Model
            do throws(TrainingError) {
                guard let found = try Model.load(fromFolder: folder) else { return .wrong("the model is not there") }
                model = found
            } catch {
                return error.message.contains("\(Model.fileName) ")
                    ? .refused(error.message) : .wrong("an error that names no file: \(error)")
            }
            if sample.bytes.starts(with: opening), !sealed.contains(sample.bytes) { return .wrong("a changed model is taken") }
            return predict(model, table)
        }
    }

    private static func predict(_ model: Model, _ table: Table) -> Outcome {
        do throws(TrainingError) {
            let first = try model.predict(table).map { [$0.name] + $0.texts }
            guard try model.predict(table).map({ [$0.name] + $0.texts }) == first else {
                return .wrong("a model predicts one thing and then another")
            }
            guard first.allSatisfy({ $0.count == table.rowCount + 1 }) else { return .wrong("not a prediction for each row") }
            _ = try model.evaluate(table)
            return .accepted
        } catch { return .refused(error.message) }
    }

    // MARK: checkpoints

    private static func checkpoints(_ places: Places) throws -> Subject {
        let trained = try train(places)
        var samples: [Sample] = []
        for folder in trained.folders {
            for name in FuzzFile.names(in: folder) where name.hasPrefix("checkpoint-") {
                samples.append(Sample(name, try FuzzFile.read(folder + "/" + name)))
            }
        }
        let whole = Set(samples.map(\.bytes)), parent = places.scratch + "/damaged", child = places.scratch + "/child"
        return Subject(samples: samples, repair: sealedCheckpoint) { sample in
            FuzzFile.remove(parent)
            try FuzzFile.makeFolder(parent)
            FuzzFile.replace(parent + "/" + sample.name, with: sample.bytes)
            let found: Int?
            do throws(TrainingError) { found = try ResumePoint.step(inFolder: parent, notAfter: .max) } catch {
                return .refused(error.message)
            }
            guard let step = found else { return .refused("no checkpoint") }
            if !whole.contains(sample.bytes), sealedCheckpoint(sample).bytes != sample.bytes {
                return .wrong("a changed checkpoint is taken")
            }
            guard step >= 0 else { return .wrong("a checkpoint of step \(step)") }
            for place in [ForkPlace.newest, .best, .notAfter(step - 1)] {
                do throws(TrainingError) { try ForkPoint.find(inFolder: parent, at: place).write(toFolder: child) } catch {
                    if error.message.isEmpty { return .wrong("an error without words") }
                }
            }
            return .accepted
        }
    }

    /// With the checksum of what it holds now.
    private static func sealedCheckpoint(_ sample: Sample) -> Sample {
        let magic = Array("DESCENT CHECKPOINT 3\n".utf8), start = magic.count + 17
        guard sample.bytes.starts(with: magic), sample.bytes.count > start else { return sample }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in sample.bytes[start...] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = Array(String(hash, radix: 16).utf8)
        let padded = [UInt8](repeating: UInt8(ascii: "0"), count: 16 - digits.count) + digits
        return Sample(sample.name, magic + padded + [0x0A] + sample.bytes[start...])
    }

    // MARK: snapshots

    /// A trainer's own state, without the checksum that a checkpoint puts around it.
    private static func snapshots(_ places: Places) throws -> Subject {
        var samples: [Sample] = []
        for (index, _) in trainers.enumerated() {
            let trainer = try trainers[index]()
            for _ in 0..<max(1, trainer.plannedSteps / 2) { _ = trainer.trainStep() }
            samples.append(Sample("\(index)", trainer.snapshot()))
            let mark = trainer.bestMark()
            // A mark that needs a later state of its run is no sample for a fresh trainer.
            if mark.count > 200 { samples.append(Sample("\(index)", mark)) }
        }
        return Subject(samples: samples) { sample in
            let trainer = try trainers[Int(sample.name) ?? 0]()
            let before = trainer.snapshot()
            do throws(LearnerError) { try trainer.restore(sample.bytes) } catch {
                return trainer.snapshot() == before ? .refused(error.message) : .wrong("a refused snapshot changed the trainer")
            }
            for _ in 0..<3 { _ = trainer.trainStep() }
            _ = trainer.evaluate()
            let features = data(trainer.model.task).features
            let first = try trainer.model.predictScores(features).elements.map(\.bitPattern)
            let second = try trainer.model.predictScores(features).elements.map(\.bitPattern)
            return first == second ? .accepted : .wrong("a restored model predicts one thing and then another")
        }
    }

    private static func data(_ task: LearningTask) -> LabelledMatrix {
        var random = RandomSource(seed: 5)
        let features = Matrix(rows: (0..<40).map { _ in (0..<3).map { _ in Float(random.normal()) } })
        let targets = (0..<40).map { row in task == .regressor ? features[row, 0] * 2 : features[row, 0] > 0 ? 1 : 0 }
        return task.needsTarget ? LabelledMatrix(features: features, targets: targets) : LabelledMatrix(unlabelled: features)
    }

    private static var trainers: [() throws -> any Trainer] {
        [
            { try trainer("linear-learner", .regressor, ["mini_batch_size": "16", "epochs": "4"]) },
            { try trainer("linear-learner", .binaryClassifier, ["optimizer": "lbfgs", "epochs": "6"]) },
            { try trainer("neural-network", .binaryClassifier, ["hidden_layers": "3", "mini_batch_size": "16", "epochs": "4"]) },
            { try trainer("knn", .binaryClassifier, ["k": "3", "sample_size": "20"]) },
            { try trainer("kmeans", .clustering, ["k": "3", "mini_batch_size": "16"]) },
            { try trainer("pca", .decomposition, ["num_components": "2", "mini_batch_size": "16"]) },
            {
                try trainer(
                    "pca", .decomposition, ["num_components": "2", "algorithm_mode": "randomized", "mini_batch_size": "16"])
            },
        ]
    }

    private static func trainer(_ name: String, _ task: LearningTask, _ settings: [String: String]) throws -> any Trainer {
        let rows = data(task)
        return try Learner.named(name).makeTrainer(
            TrainingRequest(
                hyperparameters: settings, task: task, classCount: task == .binaryClassifier ? 2 : 1, training: rows,
                validation: task.needsTarget ? rows : nil, seed: 7)
        ).trainer
    }
}
