import Clocks
import Events
import Experiments
import Files
import Glibc
import Testing

@testable import Interop

/// Logs that grow, stop, begin anew or are damaged while they are watched.
@Suite struct WatchTests {
    private static let files = [
        "texts/train.jsonl", "texts/keras.csv", "tensorboard", "wandb",
    ]

    /// The bytes of a fixture: of a file, or of the first file that is found below a folder.
    private func bytes(_ name: String) -> [UInt8] {
        var path = fixture(name)
        while FileKind(at: path) == .folder, let first = Folder.names(in: path).first { path += "/" + first }
        return FileContents.head(path, count: 1 << 20)
    }

    @Test(arguments: files) func aFileThatGrowsByAnyNumberOfBytesGivesTheSameRunAsTheWholeFile(name: String) throws {
        let content = bytes(name)
        let whole = try Watched(), grown = try Watched()
        whole.write(content, as: "log")
        try whole.readOnce()
        let reference = try #require(try whole.store.runs().first)
        let live = try Live(grown, [grown.logs])
        var random = SystemRandomNumberGenerator()
        var position = 0
        while position < content.count {
            let end = min(content.count, position + Int.random(in: 1...max(2, content.count / 12), using: &random))
            let file = fopen(grown.logs + "/log", "a")
            fwrite(Array(content[position..<end]), 1, end - position, file)
            fclose(file)
            position = end
        }
        let metrics = try whole.store.metrics(of: reference.record.id)
        #expect(!metrics.isEmpty)
        try live.wait {
            guard let run = try grown.store.runs().first?.record.id else { return false }
            return try metrics.allSatisfy {
                try grown.store.points(run: run, metric: $0).count
                    == whole.store.points(run: reference.record.id, metric: $0).count
            }
        }
        _ = live.end()
        let run = try #require(try grown.store.runs().first)
        #expect(try grown.store.runs().count == 1)
        for metric in metrics {
            let expected = try whole.store.points(run: reference.record.id, metric: metric)
            let found = try grown.store.points(run: run.record.id, metric: metric)
            #expect(found.map(\.step) == expected.map(\.step))
            #expect(found.map(\.value.bitPattern) == expected.map(\.value.bitPattern))
        }
        #expect(run.record.hyperparameters == reference.record.hyperparameters)
        #expect(run.record.objective == reference.record.objective && run.bestObjective == reference.bestObjective)
    }

    @Test func aLastLineThatIsNotWholeIsWaitedFor() throws {
        let watched = try Watched()
        watched.append("{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"lo", to: "log.jsonl")
        let live = try Live(watched, [watched.logs])
        try live.wait { try !watched.store.runs().isEmpty && watched.values("log", "train:loss") == [0.5] }
        #expect(try watched.run("log").status == .inProgress)
        watched.append("ss\":0.25}\n", to: "log.jsonl")
        try live.wait { try watched.values("log", "train:loss") == [0.5, 0.25] }
        let warnings = live.end().filter { if case .job(.dataWarned) = $0.kind { true } else { false } }
        #expect(warnings.isEmpty)
    }

    @Test func aRunInANewFolderAppearsWhileWatching() throws {
        let watched = try Watched()
        let live = try Live(watched, [watched.logs])
        mkdir(watched.logs + "/later", 0o755)
        watched.append("epoch,val_loss\n0,0.5\n", to: "later/a.csv")
        try live.wait { try !watched.store.runs().isEmpty && watched.values("later/a", "validation:loss") == [0.5] }
        _ = live.end()
        #expect(try watched.run("later/a").status == .stopped)
        #expect(try watched.run("later/a").reason.text == "no longer watched")
    }

    @Test func watchingAgainContinuesTheRunInsteadOfDoublingIt() throws {
        let watched = try Watched()
        watched.append("epoch,loss\n0,0.5\n1,0.4\n", to: "a.csv")
        try watched.readOnce()
        let first = try watched.run("a").record
        watched.append("2,0.3\n", to: "a.csv")
        try watched.readOnce()
        try watched.readOnce()
        #expect(try watched.store.runs().map(\.record.id) == [first.id])
        #expect(try watched.values("a", "train:loss") == [0.5, 0.4, 0.3])
    }

    @Test func aLogThatWasReadToItsEndIsReadAgainOnlyWhenItWasWrittenTo() throws {
        let watched = try Watched()
        func registrations() throws -> Int {
            try watched.readOnce().count { if case .run(.registered) = $0.kind { true } else { false } }
        }
        watched.write(Array("epoch,loss\n0,0.5\n".utf8), as: "old.csv", age: 3600)
        watched.write(bytes("wandb"), as: "ended.wandb", age: 3600)
        #expect(try registrations() == 2)
        #expect(try registrations() == 0)
        watched.append("1,0.4\n", to: "old.csv")
        #expect(try registrations() == 1)
        #expect(try watched.values("old", "train:loss") == [0.5, 0.4])
        #expect(try watched.run("old").status == .inProgress || watched.run("old").reason.text == "no longer watched")
        // Other names for what is in it: read again.
        let events = try watched.readOnce(columns: LogColumnNames(metrics: ["loss": MetricName("validation:loss")]))
        #expect(events.contains { if case .run(.registered) = $0.kind { true } else { false } })
    }

    @Test func aLogWrittenAnewInTheSamePlaceIsARunOfItsOwn() throws {
        let watched = try Watched()
        watched.append("epoch,loss\n0,0.5\n1,0.4\n", to: "a.csv")
        try watched.readOnce()
        watched.write(Array("epoch,loss\n0,0.75\n".utf8), as: "a.csv")
        try watched.readOnce()
        #expect(try watched.values("a", "train:loss") == [0.5, 0.4])
        #expect(try watched.values("a-2", "train:loss") == [0.75])
        // And that one is the one that goes on.
        watched.append("1,0.7\n", to: "a.csv")
        try watched.readOnce()
        #expect(try watched.values("a-2", "train:loss") == [0.75, 0.7])
    }

    @Test func aColumnThatIsAddedInFrontOfTheSameValuesContinuesTheRun() throws {
        let watched = try Watched()
        watched.append("epoch,train_loss\n0,0.5\n1,0.4\n", to: "a.csv")
        let live = try Live(watched, [watched.logs])
        try live.wait { try !watched.store.runs().isEmpty && watched.values("a", "train:loss").count == 2 }
        // As Lightning's CSVLogger does when a new metric comes.
        watched.write(Array("epoch,train_loss,val_loss\n0,0.5,\n1,0.4,0.6\n2,0.3,0.5\n".utf8), as: "a.csv")
        try live.wait { try watched.values("a", "validation:loss").count == 2 }
        _ = live.end()
        #expect(try watched.store.runs().count == 1)
        #expect(try watched.values("a", "train:loss") == [0.5, 0.4, 0.3])
        let run = try watched.run("a")
        #expect(run.record.objective.metric == .validationLoss && run.bestObjective == 0.5)
    }

    @Test func silenceSaysWhatBecameOfARunThatWroteNoEnd() throws {
        let watched = try Watched()
        watched.write(Array("epoch,loss\n0,0.5\n".utf8), as: "old.csv", age: 3600)
        watched.write(bytes("wandb").dropLast(600), as: "killed.wandb", age: 3600)
        watched.write(Array("epoch,loss\n0,0.5\n".utf8), as: "new.csv")
        let live = try Live(watched, [watched.logs])
        try live.wait { try watched.store.runs().count == 3 && watched.run("old").status == .completed }
        try live.wait { try watched.run("wb-0").status == .stopped && watched.run("new").status == .inProgress }
        _ = live.end()
        #expect(try watched.run("wb-0").reason.text.contains("killed"))
        let old = try watched.run("old")
        #expect(try #require(old.finishedAt) < WallClock.now() - 3000)
    }

    @Test func theBinIsRespected() throws {
        let watched = try Watched()
        watched.append("epoch,loss\n0,0.5\n", to: "a.csv")
        try watched.readOnce()
        try watched.store.apply(.run(.deleted), to: try watched.run("a").record.id)
        watched.append("1,0.25\n", to: "a.csv")
        try watched.readOnce()
        #expect(try watched.store.runs().isEmpty)
    }

    @Test func damagedAndForeignFilesNeverEndTheWatch() throws {
        let watched = try Watched()
        var random = SystemRandomNumberGenerator()
        for name in Self.files + ["mlflow.db", "optuna.db"] {
            let content = bytes(name)
            for variant in 0..<12 {
                var damaged = content
                for _ in 0..<(variant + 1) * 3 {
                    damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                if variant % 3 == 0 { damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random)) }
                watched.write(damaged, as: "\(FilePath.name(name))-\(variant)/file")
            }
        }
        watched.write((0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }, as: "noise")
        watched.write([], as: "empty.csv")
        watched.append("epoch,loss\n0,0.5\n", to: "good.csv")
        try watched.readOnce()
        #expect(try watched.values("good", "train:loss") == [0.5])
    }

    @Test func aDamagedRecordIsLeftOutAndSaid() throws {
        let watched = try Watched()
        var content = bytes("tensorboard/run-0")
        // In the middle, inside a record's content.
        content[content.count / 2 / 51 * 51 + 30] ^= 0x40
        watched.write(content, as: "events")
        let warnings = try watched.readOnce().compactMap {
            if case .job(.dataWarned(let warning)) = $0.kind { warning.message } else { nil }
        }
        #expect(warnings.count == 1)
    }

    @Test func whatIsNamedLikeALogAndIsNoneIsSaidOnce() throws {
        let watched = try Watched()
        let noise = [UInt8](repeating: 7, count: 5000)
        watched.write(noise, as: "events.out.tfevents.1.host")
        watched.write(noise, as: "run-abc.wandb")
        watched.write(noise, as: "noise.bin")
        let messages = try watched.readOnce().compactMap {
            if case .notice(.commandFailed(let message)) = $0.kind { message } else { nil }
        }
        #expect(messages.count == 2)
        #expect(messages.allSatisfy { $0.contains("not read") })
    }

    @Test func checksMatchThePublishedValues() {
        // The check values of the CRC catalogue for "123456789".
        #expect(CyclicRedundancyCheck.ieee(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CyclicRedundancyCheck.castagnoli(Array("123456789".utf8)) == 0xE306_9283)
    }
}
