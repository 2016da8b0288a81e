import Databases
import Events
import Experiments
import Glibc
import Testing

@testable import Interop

/// Logs that say things in their own way: headers that come again, numbers in quotes, steps that start anew.
@Suite struct OtherLogsTests {
    private func points(_ watched: Watched, _ run: String, _ metric: String) throws -> [[Double]] {
        try watched.store.points(run: try watched.run(run).record.id, metric: MetricName(metric)).map {
            [Double($0.step), $0.value]
        }
    }

    private func notes(_ events: [StudioEvent]) -> [String] {
        events.compactMap { if case .job(.dataWarned(let warning)) = $0.kind { warning.message } else { nil } }
    }

    @Test func aHeaderThatComesAgainNamesTheColumnsFromThereOn() throws {
        let watched = try Watched()
        watched.append("epoch,loss\n0,0.5\n1,0.45\nepoch,acc,loss\n2,0.9,0.4\n3,0.92,0.35\n", to: "more.csv")
        watched.append("epoch,loss,acc\n0,0.5,0.1\nepoch,loss,acc\n0,0.4,0.2\n", to: "same.csv")
        watched.append("epoch,acc,loss\n0,0.1,0.5\nepoch,loss\n1,0.25\n", to: "fewer.csv")
        watched.append("epoch;loss;text\n0;0.5;a\n1;0.25;loss\n", to: "words.csv")
        let events = try watched.readOnce()
        #expect(try points(watched, "more", "train:loss") == [[0, 0.5], [1, 0.45], [2, 0.4], [3, 0.35]])
        #expect(try points(watched, "more", "train:accuracy") == [[2, 0.9], [3, 0.92]])
        #expect(
            try watched.values("same", "train:loss") == [0.5, 0.4] && watched.values("same", "train:accuracy") == [0.1, 0.2])
        #expect(try points(watched, "fewer", "train:loss") == [[0, 0.5], [1, 0.25]])
        // A word that is also a column's name is no header among numbers.
        #expect(try points(watched, "words", "train:loss") == [[0, 0.5], [1, 0.25]])
        #expect(notes(events).isEmpty)
    }

    @Test func rowsOfAnEpochThatNamesNoStepAreCounted() throws {
        let watched = try Watched()
        let rows = (0..<6).map { "{\"epoch\":\($0 / 3),\"loss\":\(1.0 / Double($0 + 1))}\n" }
        watched.append(rows.joined() + "{\"epoch\":1,\"val_loss\":0.25}\n", to: "rows.jsonl")
        // Training and validation of an epoch in rows of their own are one place.
        let pairs = (0..<3).map { "{\"epoch\":\($0),\"loss\":0.5}\n{\"epoch\":\($0),\"val_loss\":0.75}\n" }
        watched.append(pairs.joined(), to: "pairs.jsonl")
        let events = try watched.readOnce()
        #expect(try points(watched, "rows", "train:loss").map { $0[0] } == [0, 1, 2, 3, 4, 5])
        #expect(try points(watched, "rows", "validation:loss") == [[5, 0.25]])
        #expect(try points(watched, "pairs", "train:loss").map { $0[0] } == [0, 1, 2])
        #expect(try points(watched, "pairs", "validation:loss").map { $0[0] } == [0, 1, 2])
        #expect(notes(events).count == 1)
        #expect(
            notes(events).first?.hasSuffix("rows.jsonl: an epoch has several rows and no step: rows are counted as steps") == true
        )
    }

    @Test func aRecordWithMoreCellsThanNamesIsLeftOutAndSaid() throws {
        let watched = try Watched()
        watched.append("epoch,loss\n0,0.5\n1,0.9,0.4\n2,0.25\n", to: "a.csv")
        let events = try watched.readOnce()
        #expect(try points(watched, "a", "train:loss") == [[0, 0.5], [2, 0.25]])
        #expect(notes(events).count == 1 && notes(events)[0].hasSuffix("a.csv: lines that could not be read were left out"))
    }

    @Test func numbersInQuotesAreNumbers() throws {
        let watched = try Watched()
        watched.append(
            """
            {"epoch": 1, "train_loss": "8.5", "train_num_updates": "100", "train_lr": "0.0001", "commit": "12e5678"}
            {"epoch": 1, "valid_loss": "7.9", "valid_num_updates": "100", "host": "0x1f"}
            {"epoch": 2, "train_loss": "-inf", "train_num_updates": "200"}
            {"epoch": 3, "train_loss": "NaN", "train_num_updates": "300"}
            {"epoch": 4, "train_loss": " Infinity ", "train_num_updates": "400"}
            {"epoch": 5, "train_loss": "-nan", "train_num_updates": 500}
            {"epoch": 6, "train_loss": null, "train_num_updates": 600}

            """, to: "fairseq.jsonl")
        watched.append("step,loss\n1,NaN\n2,-nan\n3,inf\n4,-Infinity\n5,\"0.5\"\n6,0x10\n", to: "words.csv")
        #expect(try watched.readOnce().isEmpty == false)
        let values = try watched.values("fairseq", "train:loss")
        #expect(values.count == 5 && values[0] == 8.5 && values[1] == -.infinity && values[2].isNaN && values[3] == .infinity)
        #expect(values[4].isNaN)
        #expect(try points(watched, "fairseq", "validation:loss") == [[100, 7.9]])
        #expect(try points(watched, "fairseq", "train:lr") == [[100, 0.0001]])
        let names = try watched.store.metrics(of: try watched.run("fairseq").record.id).map(\.text)
        #expect(names == ["train:loss", "train:lr", "validation:loss"])
        let words = try watched.values("words", "train:loss")
        #expect(words.count == 5 && words[0].isNaN && words[1].isNaN && words[2...] == [.infinity, -.infinity, 0.5])
    }

    @Test func numbersOfHundredsOfDigitsAreReadAsFarAsTheyGo() throws {
        let watched = try Watched()
        let many = String(repeating: "7", count: 500)
        watched.append("{\"step\":1,\"loss\":0.\(many)}\n{\"step\":2,\"loss\":\(many)}\n", to: "a.jsonl")
        watched.append("{\"step\":\(many),\"loss\":1}\n{\"step\":3,\"loss\":\"\(many)\"}\n", to: "a.jsonl")
        watched.append("step,loss\n1,0.\(many)\n2,-\(many)\n\(many),1\n", to: "b.csv")
        let events = try watched.readOnce()
        #expect(try points(watched, "a", "train:loss") == [[1, 7.0 / 9], [2, .infinity], [3, .infinity]])
        #expect(try points(watched, "b", "train:loss") == [[1, 7.0 / 9], [2, -.infinity]])
        #expect(notes(events).count == 2 && notes(events).allSatisfy { $0.hasSuffix("rows whose step is no step are left out") })
    }

    @Test func theLastRecordIsReadWithoutItsEndWhenNothingMoreComes() throws {
        let watched = try Watched()
        watched.append("step,loss\n1,0.5\n2,0.4", to: "nonl.csv")
        watched.append("{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":0.4}", to: "nonl.jsonl")
        watched.append("{\"step\":1,\"loss\":0.25}", to: "only.jsonl")
        watched.append("{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"lo", to: "cut.jsonl")
        watched.append("step,loss,acc\n1,0.5,0.1\n2,0.4", to: "cut.csv")
        let events = try watched.readOnce()
        for run in try watched.store.runs() where run.record.name.hasPrefix("nonl") {
            #expect(try watched.values(run.record.name, "train:loss") == [0.5, 0.4])
        }
        #expect(try watched.store.runs().count == 5)
        #expect(try watched.values("only", "train:loss") == [0.25])
        for run in try watched.store.runs() where run.record.name.hasPrefix("cut") {
            #expect(try watched.values(run.record.name, "train:loss") == [0.5])
        }
        #expect(notes(events).count == 2)
        // The end of a record that comes later makes it no second one.
        watched.append("\n3,0.3\n", to: "nonl.csv")
        try watched.readOnce([watched.logs + "/nonl.csv"])
        let name = try #require(try watched.store.runs().first { $0.record.log?.hasSuffix("nonl.csv") ?? false }).record.name
        #expect(try watched.values(name, "train:loss") == [0.5, 0.4, 0.3])
    }

    @Test func stepsThatStartAnewInEachEpochGoOnCounting() throws {
        let watched = try Watched()
        let zero = (0..<3).flatMap { epoch in (0..<4).map { "\(epoch),\($0),\(epoch * 4 + $0)" } }
        watched.append("epoch,batch,loss\n" + zero.joined(separator: "\n") + "\n", to: "zero.csv")
        let one = (1...2).flatMap { epoch in (1...3).map { "{\"epoch\":\(epoch),\"step\":\($0),\"loss\":1}" } }
        watched.append(one.joined(separator: "\n") + "\n", to: "one.jsonl")
        // As MMDetection writes it: every fiftieth of 150 batches, and the evaluation's own count of batches.
        watched.append(
            """
            {"env_info": "x", "seed": 0}
            {"mode": "train", "epoch": 1, "iter": 50, "lr": 0.1, "loss": 4}
            {"mode": "train", "epoch": 1, "iter": 100, "lr": 0.1, "loss": 3}
            {"mode": "val", "epoch": 1, "iter": 7, "lr": 0.1, "bbox_mAP": 0.2, "loss": 3.5}
            {"mode": "train", "epoch": 2, "iter": 50, "lr": 0.1, "loss": 2}
            {"mode": "train", "epoch": 2, "iter": 100, "lr": 0.1, "loss": 1}
            {"mode": "val", "epoch": 2, "iter": 7, "lr": 0.1, "bbox_mAP": 0.3, "loss": 1.5}

            """, to: "mmdet.jsonl")
        let events = try watched.readOnce()
        #expect(try points(watched, "zero", "train:loss") == (0..<12).map { [Double($0), Double($0)] })
        #expect(try points(watched, "one", "train:loss").map { $0[0] } == [1, 2, 3, 4, 5, 6])
        #expect(try points(watched, "mmdet", "train:loss") == [[50, 4], [100, 3], [150, 2], [200, 1]])
        #expect(try points(watched, "mmdet", "validation:loss") == [[100, 3.5], [200, 1.5]])
        #expect(try points(watched, "mmdet", "validation:bbox_map") == [[100, 0.2], [200, 0.3]])
        #expect(notes(events).count == 3)
        #expect(
            notes(events).contains {
                $0.hasSuffix("batch starts anew in each epoch: steps go on counting from where the last epoch ended")
            })
        // Said once in the run's life.
        watched.append("3,0,0.5\n", to: "zero.csv")
        #expect(try notes(watched.readOnce()).isEmpty)
        #expect(try points(watched, "zero", "train:loss").last == [12, 0.5])
    }

    @Test func stepsThatCountOverAllEpochsStayAsTheyAre() throws {
        let watched = try Watched()
        watched.append("epoch,step,loss\n0,10,1\n0,20,2\n1,20,3\n1,30,4\n", to: "all.csv")
        // Measured at the same step, but something else; and training that was taken up at an earlier place.
        watched.append(
            "{\"epoch\":0,\"step\":5,\"loss\":1}\n{\"epoch\":1,\"step\":5,\"val_loss\":2}\n{\"epoch\":1,\"step\":9,\"loss\":3}\n",
            to: "eval.jsonl")
        watched.append("epoch,global_step,loss\n0,5,1\n1,9,2\n2,4,3\n", to: "global.csv")
        watched.append("epoch,step,loss\n3,30,1\n4,40,2\n3,30,3\n", to: "resumed.csv")
        let events = try watched.readOnce()
        #expect(
            try points(watched, "eval", "train:loss") == [[5, 1], [9, 3]]
                && points(watched, "eval", "validation:loss") == [[5, 2]])
        #expect(try points(watched, "global", "train:loss").map { $0[0] } == [5, 9, 4])
        #expect(try points(watched, "resumed", "train:loss").map { $0[0] } == [30, 40, 30])
        #expect(notes(events).filter { !$0.contains("all.csv") }.isEmpty)
    }

    @Test func decimalCommasAreReadWhereTheLogShowsThem() throws {
        let watched = try Watched()
        watched.append("epoch;loss;big\n0;0,45;1.234\n1;-1,5e-3;2,000\n2;1;3,5\n", to: "comma.csv")
        watched.append("epoch;loss\n0;1,234\n1;2,345\n", to: "either.csv")
        watched.append("epoch;loss;rate\n0;0.5;1,234\n1;0.25;0,5\n", to: "point.csv")
        let events = try watched.readOnce()
        #expect(try points(watched, "comma", "train:loss") == [[0, 0.45], [1, -0.0015], [2, 1]])
        #expect(try points(watched, "comma", "big") == [[1, 2], [2, 3.5]])
        #expect(try points(watched, "point", "train:loss") == [[0, 0.5], [1, 0.25]])
        #expect(try watched.store.metrics(of: watched.run("point").record.id) == [.trainLoss])
        let said = notes(events)
        #expect(said.contains { $0.hasSuffix("comma.csv: 0,45 is read as a number with a decimal comma, and so are all others") })
        #expect(
            said.contains {
                $0.hasSuffix("comma.csv: 1.234 could mean two numbers and is left out: say --decimal , or --decimal .")
            })
        #expect(
            said.contains {
                $0.hasSuffix("point.csv: 1,234 could mean two numbers and is left out: say --decimal , or --decimal .")
            })
        // A log of which nothing is left says why.
        let failures = events.compactMap { if case .notice(.commandFailed(let message)) = $0.kind { message } else { nil } }
        #expect(failures.count == 1 && failures[0].contains("either.csv: 1,234 could mean two numbers"))
        for (mark, expected) in [(DecimalMark.comma, [1.234, 2.345]), (.point, [1234, 2345])] {
            let other = try Watched()
            other.append("epoch;loss\n0;1,234\n1;2,345\n", to: "either.csv")
            #expect(
                try other.readOnce(columns: LogColumnNames(decimal: mark)).contains {
                    if case .run(.registered) = $0.kind { true } else { false }
                })
            #expect(try other.values("either", "train:loss") == expected)
        }
    }

    @Test func namesThatCannotBeTypedAreGivenOthers() throws {
        let watched = try Watched()
        for (index, name) in ["..", "@latest", "--help", "", " ", "a\u{1B}[2Jb"].enumerated() {
            let meta =
                "name: '\(name)'\nrun_id: r\(index)\nexperiment_id: '0'\nrun_name: '\(name)'\nstatus: 3\nend_time: 1700000000000\n"
            watched.write(Array(meta.utf8), as: "mlruns\(index)/meta.yaml")
            mkdir(watched.logs + "/mlruns\(index)/metrics", 0o755)
            watched.append("1700000000000 0.5 1\n", to: "mlruns\(index)/metrics/loss")
        }
        let events = try watched.readOnce()
        let names = Set(try watched.store.runs().map(\.record.name))
        #expect(names.count == 6 && names.isSuperset(of: ["run", "latest", "help", "a\\e[2Jb"]))
        for run in try watched.store.runs() {
            #expect(RunEdit.problem(withName: run.record.name) == nil)
            #expect(try watched.store.run(named: run.record.name).record.id == run.record.id)
        }
        #expect(notes(events).contains { $0.hasSuffix("its log calls the run '--help'") })
        #expect(throws: StoreError.self) { try watched.store.run(named: "") }
    }

    @Test func whatIsNotNamedInUTF8IsNamedAndNotSkippedSilently() throws {
        let watched = try Watched()
        watched.append("epoch,loss\n0,0.5\n", to: "good.csv")
        for name in [[0x61, 0xFF, 0x2E, 0x63, 0x73, 0x76], [0xE9, 0x74]] as [[UInt8]] {
            let path = Array(watched.logs.utf8) + [UInt8(ascii: "/")] + name + [0]
            let file = path.withUnsafeBufferPointer { $0.withMemoryRebound(to: CChar.self) { fopen($0.baseAddress, "w") } }
            guard let file else { continue }
            fclose(file)
        }
        let problems = try watched.readOnce().compactMap {
            if case .notice(.commandFailed(let message)) = $0.kind { message } else { nil }
        }
        #expect(problems.count == 1)
        #expect(problems.first?.contains("2 names in it are not UTF-8 (such as \\xe9t)") == true)
        #expect(try watched.values("good", "train:loss") == [0.5])
    }

    @Test func rowsSayWhatTheyWereMeasuredOn() throws {
        let watched = try Watched()
        watched.append(
            "epoch,phase,loss,val_acc\n0,train,0.5,\n0,val,0.75,0.1\n1,train,0.25,\n1,val,0.5,0.2\n", to: "phases.csv")
        _ = try watched.readOnce()
        #expect(try watched.values("phases", "train:loss") == [0.5, 0.25])
        #expect(try watched.values("phases", "validation:loss") == [0.75, 0.5])
        #expect(try watched.values("phases", "validation:accuracy") == [0.1, 0.2])
    }
}
