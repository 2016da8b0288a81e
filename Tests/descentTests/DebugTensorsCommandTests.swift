import Events
import Files
import JSON
import TemporaryFolders
import Testing

/// `descent debug tensors`, from what was recorded to what is read.
@Suite struct DebugTensorsCommandTests {
    private let scratch: TemporaryFolder
    private var workspace: String { scratch.path + "/workspace" }

    init() throws { scratch = try TemporaryFolder() }

    private func train(_ name: String, _ more: String...) throws -> Program {
        try Program.run(
            ["train", Program.sample("insurance"), "--target", "charges", "--name", name, "--workspace", workspace] + more)
    }

    private func tensors(_ words: String...) throws -> Program {
        try Program.run(["debug", "tensors"] + words + ["--workspace", workspace])
    }

    @Test func aNetworksTensorsAreListedAndShownStepByStep() throws {
        let trained = try train(
            "mlp", "--algorithm", "neural-network", "--set", "epochs=2", "--set", "mini_batch_size=107",
            "--debug-save-interval", "5", "--quiet")
        try #require(trained.code == 0, "\(trained.errors)")
        // 1,070 training rows are 10 steps an epoch.
        let lines = try tensors("mlp", "--name", "dense1.weight", "--json").json()
        let weights = lines.filter { $0["name"]?.string == "dense1.weight" }
        #expect(weights.compactMap { $0["step"]?.integer } == [1, 6, 11, 16])
        #expect(weights.allSatisfy { $0["collection"]?.string == "weights" && $0["shape"]?.array?.count == 2 })
        let updates = try tensors("mlp", "--collection", "updates", "--step", "13", "--json").json()
        #expect(!updates.isEmpty && updates.allSatisfy { $0["step"]?.integer == 11 && $0["ratio"]?.double ?? 0 > 0 })
        let all = try tensors("mlp", "--json").json()
        let evaluated = try tensors("mlp", "--json", "--mode", "eval", "--collection", "activations").json()
        #expect(Set(evaluated.compactMap { $0["step"]?.integer }) == [10, 20])
        #expect(evaluated.allSatisfy { $0["mode"]?.string == "eval" })
        let steps = all.filter { $0["kind"]?.string == "capturedStep" && $0["mode"]?.string == "train" }
        #expect(steps.count == 4 && steps.allSatisfy { $0["spent"]?["forward"]?.double ?? 0 > 0 })
        let list = try tensors("mlp").output
        #expect(list.contains("gradient/dense1.weight") && list.contains("1–16"))
        #expect(
            list.contains("4 of 20 steps captured, 2 evaluations") && list.contains("activations (evaluated)")
                && list.contains("of a captured step's time: data"), "\(list)")
        let step = try tensors("mlp", "--step", "6", "--collection", "activations").output
        #expect(step.hasPrefix("step 6, epoch 0.6") && step.contains(" of 128"), "\(step)")
        // The same run again has the same numbers.
        let again = try train(
            "again", "--algorithm", "neural-network", "--set", "epochs=2", "--set", "mini_batch_size=107",
            "--debug-save-interval", "5", "--quiet")
        try #require(again.code == 0, "\(again.errors)")
        let same = try tensors("again", "--name", "dense1.weight", "--json").json()
        #expect(same.map { $0["histogram"] } == lines.map { $0["histogram"] } && same.map { $0["l2"] } == lines.map { $0["l2"] })
    }

    @Test func tensorsAreSavedWholeListedAndHandedOut() throws {
        let trained = try train(
            "whole", "--algorithm", "linear-learner", "--set", "epochs=3", "--set", "mini_batch_size=107",
            "--debug-save-interval", "1e",
            "--debug-save-whole", "linear.weight:7,gradient/linear.weight", "--quiet")
        try #require(trained.code == 0, "\(trained.errors)")
        // 10 steps an epoch: their first ones are captured, every seventh for the weight, and the last.
        let captured = try tensors("whole", "--mode", "train", "--json").json().filter { $0["kind"]?.string == "capturedStep" }
        #expect(captured.compactMap { $0["step"]?.integer } == [1, 8, 11, 15, 21, 22, 29, 30])
        let saved = try tensors("whole", "--name", "linear.weight", "--json").json().filter {
            $0["kind"]?.string == "wholeTensor" && $0["path"]?.string?.contains("/linear.weight") == true
        }
        #expect(saved.compactMap { $0["step"]?.integer } == [1, 8, 15, 22, 29], "\(saved)")
        let list = try tensors("whole").output
        #expect(list.contains("whole: linear.weight of steps 1, 8, 15, 22, 29"), "\(list)")
        #expect(list.contains("whole: gradient/linear.weight of steps 1, 30"), "\(list)")
        let out = scratch.path + "/weight.npy"
        let written = try tensors("whole", "--name", "linear.weight", "--step", "8", "--whole", out)
        try #require(written.code == 0, "\(written.errors)")
        let file = try #require(try AtomicFile.read(out).flatMap { NumpyFile(bytes: $0) })
        let summary = try #require(
            try tensors("whole", "--name", "linear.weight", "--step", "8", "--json").json().first {
                $0["kind"]?.string == "tensor"
            })
        #expect(file.shape == summary["shape"]?.array?.compactMap(\.integer))
        let length = file.values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(length - (summary["l2"]?.double ?? 0)) < 1e-5 * length)
        let missing = try tensors("whole", "--name", "linear.weight", "--step", "9", "--whole", out)
        #expect(missing.code == 2 && missing.errors.contains("it was at 1, 8, 15"), "\(missing.errors)")
        let ended = try tensors("whole", "--name", "linear.weight", "--save")
        #expect(ended.code == 1 && ended.errors.contains("is not being trained"), "\(ended.errors)")
    }

    @Test func aRunThatTrainsSavesWhatIsWishedFor() throws {
        let started = try train(
            "live", "--algorithm", "linear-learner", "--set", "epochs=1000000", "--set", "early_stopping_patience=off", "--quiet",
            "--detach")
        try #require(started.code == 0, "\(started.errors)")
        let saved = try tensors("live", "--name", "*.weight", "--save", "--json")
        try #require(saved.code == 0, "\(saved.errors)")
        let lines = try saved.json()
        #expect(Set(lines.compactMap { $0["name"]?.string }) == ["linear.weight", "gradient/linear.weight"], "\(lines)")
        let nothing = try tensors("live", "--name", "no.such", "--save")
        #expect(nothing.code == 1 && nothing.errors.contains("has no tensor that 'no.such' names"), "\(nothing.errors)")
        #expect(try Program.run(["runs", "stop", "live", "--workspace", workspace]).code == 0)
    }

    @Test func whatIsNotThereIsSaidInWords() throws {
        let trained = try train(
            "off", "--algorithm", "linear-learner", "--set", "epochs=1", "--debug-save-interval", "off", "--quiet")
        try #require(trained.code == 0, "\(trained.errors)")
        let off = try tensors("off")
        #expect(off.code == 1 && off.errors.contains("it was trained with --debug-save-interval off"), "\(off.errors)")
        #expect(try train("on", "--algorithm", "linear-learner", "--set", "epochs=1", "--quiet").code == 0)
        let misspelt = try tensors("on", "--name", "linear.weigt")
        #expect(misspelt.code == 2 && misspelt.errors.contains("did you mean linear.weight?"), "\(misspelt.errors)")
        let collection = try tensors("on", "--collection", "trees")
        #expect(collection.code == 2 && collection.errors.contains("there are weights, biases"), "\(collection.errors)")
        #expect(try tensors("on", "--step", "soon").code == 2)
        let interval = try train("x", "--algorithm", "linear-learner", "--debug-save-interval", "often")
        #expect(interval.code == 2 && interval.errors.contains("auto, off or a whole number from 1 on"), "\(interval.errors)")
    }

    @Test func whatAScriptTellsIsKeptAndWhatMakesNoSenseIsCounted() throws {
        let script = try scratch.write(
            #"""
            test "$DESCENT_TENSORS" = '{"interval":4}' || exit 9
            say() { echo "$1" >> $DESCENT_MESSAGES/0-1.jsonl; }
            tensor() { say "{\"kind\":\"tensor\",\"step\":$1,\"name\":\"$2\",\"collection\":\"$3\",\"count\":4,\"sampled\":4,\"mean\":0.5,\"std\":0.25,\"min\":-1,\"max\":2,\"l2\":2.5,\"zeros\":1,\"nans\":$4,\"infinities\":0,\"histogram\":[-1,[0,1],[1,1]]}"; }
            say '{"kind":"hello","version":1,"pid":1,"rank":0}'
            for step in 3 7; do
                say "{\"kind\":\"metrics\",\"step\":$step,\"values\":{\"loss\":0.$step}}"
                tensor $step fc.weight weights 0
                tensor $step mine.table tables 0
                tensor $step odd weights 9
                say '{"kind":"cost","seconds":0.25,"spent":{"data":0.125,"sleep":3}}'
            done
            tensor 9 fc.weight weights 1
            """#, as: "told.sh")
        let ended = try Program.run(
            "train", "--algorithm", "script", "--script", script, "--name", "told", "--debug-save-interval", "4",
            "--workspace", workspace)
        try #require(ended.code == 0, "\(ended.errors)")
        #expect(ended.errors.contains("2 messages passed over") || ended.output.contains("2 messages passed over"))
        let lines = try tensors("told", "--json").json()
        let weights = lines.filter { $0["name"]?.string == "fc.weight" }
        #expect(weights.compactMap { $0["step"]?.integer } == [3, 7, 9] && weights.last?["nans"]?.integer == 1)
        #expect(lines.count { $0["name"]?.string == "mine.table" && $0["collection"]?.string == "tables" } == 2)
        #expect(!lines.contains { $0["name"]?.string == "odd" })
        let steps = lines.filter { $0["kind"]?.string == "capturedStep" }
        #expect(steps.compactMap { $0["passedOver"]?.integer } == [0, 3, 1])
        #expect(steps.first?["spent"]?["data"]?.double == 0.125 && steps.first?["spent"]?["record"]?.double == 0.25)
    }
}
