import Actions
import Cells
import Debugging
import Events
import JSON
import RunSearching
import Studio
import Terminal
import TextScanning

/// What users and terminals write, and events as they are stored.
enum TextReaders {
    static var all: [FuzzedReader] {
        [
            FuzzedReader(name: "settings") { _ in settings() },
            FuzzedReader(name: "themes") { places in
                let samples = try FuzzFile.samples(places, "themes") { $0.hasSuffix(".theme") }
                return Subject(samples: samples) { sample in
                    do throws(ThemeError) {
                        _ = try Theme.parse(sample.text, file: sample.name)
                        return .accepted
                    } catch { return .refused("\(error)") }
                }
            },
            FuzzedReader(name: "search") { _ in search() },
            FuzzedReader(name: "rules") { _ in rules() },
            FuzzedReader(name: "actions") { _ in actions() },
            FuzzedReader(name: "keys") { _ in keys() },
            FuzzedReader(name: "json") { _ in json() },
            FuzzedReader(name: "events") { _ in events() },
        ]
    }

    private static func settings() -> Subject {
        Subject(
            samples: [
                Sample("all", text: Settings().text),
                Sample(
                    "some",
                    text: """
                        # mine
                        theme = dusk
                        smoothing = 0.6
                        sort = -val_loss
                        columns = name status val_loss
                        metric-order = loss r2
                        group = tag
                        pane-sizes = columns=0.4213 tall-runs=0.5
                        view.best = sort=best; columns=name,best; filter=loss < 3
                        """),
            ]
        ) { sample in
            let first = Settings.parse(sample.text)
            let again = Settings.parse(first.settings.text)
            guard again.settings == first.settings else { return .wrong("settings that were written read back as others") }
            return first.messages.isEmpty ? .accepted : .refused(first.messages.joined())
        }
    }

    private static let runs: [RunSummary] = [SampleEvents.record("one", 1), SampleEvents.record("two", 2)].map { record in
        var run = RunSummary(record: record)
        run.lastMetrics = [MetricName("val_loss"): 0.5, MetricName("odd"): .nan]
        return run
    }

    private static func search() -> Subject {
        Subject(
            samples: [
                "adam -sgd", "name:one or (seed = 2 lr>1e-3)", "val_loss < 0.3 and not tag:old", "validation:rmse <= 3500",
                "best:rmse in 3..1e308", "algorithm not in (kmeans, pca)", "tag = \"two words\"", "optimizer ~ a*",
                "created = 2026-09-01..2026-09-30", "created > -2h", "duration < 1h30m", "epoch < 50%", "has:tag", "'adam'",
            ].map { Sample("search", text: $0) }
        ) { sample in
            let text = sample.text
            let length = text.count
            for cursor in [0, length / 2, length] { _ = SearchCompletion(text, cursor: cursor, runs: runs) }
            do throws(SearchError) {
                let search = try RunSearch(parsing: text)
                let clock = SearchClock(now: 1.8e9)
                for run in runs where search.accepts(run, clock: clock) != search.accepts(run, clock: clock) {
                    return .wrong("a run is found and not found")
                }
                _ = search.unknownName(among: runs, clock: clock)
                return .accepted
            } catch {
                _ = error.underline
                return .refused(error.message)
            }
        }
    }

    /// Lists of rules: what is read is read again from its own lines, and what cannot be has a place.
    private static func rules() -> Subject {
        Subject(
            samples: [
                "spike: loss > 2 * rolling_min(loss, 100) for 20 steps, severity issue, message \"a\", remedy set lr=0.1 a=b,c",
                "# of the run\ngap: validation:loss > 1.5 * loss and not is_nan(loss)\n    for 3 evaluations\noff Overfit, DataOrder",
                "DeadRelu(threshold_layer=40)\nAllZero(tensor_regex=\"(a|b)*.w[0-9]+$\", threshold=9e1)",
                "a: tensor(\"fc.weight\").l2 / 2 > rolling_median(previous(loss, 3), 5) or max(loss, metric('x y')) == 1e-3 for .5 epochs",
                "b: -abs(loss - 3) >= rolling_std(loss, 7) + rolling_mean(loss, 2) and rolling_max(loss, 9) != 5%",
            ].map { Sample("rules", text: $0) }
        ) { sample in
            let text = sample.text
            do throws(TextFault) {
                for (statement, line) in try RuleStatement.all(in: text) {
                    guard try RuleStatement.all(in: line).map(\.statement) == [statement] else {
                        return .wrong("\(line) is another rule")
                    }
                    if case .own = statement { try play(line) }
                }
                return .accepted
            } catch {
                let place = error.place(in: text)
                return place.line > 0 && place.column > 0 ? .refused(error.message) : .wrong("a fault has no place")
            }
        }
    }

    /// Lists of actions: what is read is read again from its own lines, and what cannot be has a place.
    private static func actions() -> Subject {
        Subject(
            samples: [
                "channel ops: webhook https://x.example/a bearer=env:A quiet=22:00-07:00 limit=6/hour timeout=5s # to us\nOverfit: stop",
                "channel boss: mail a@b.example,c@d.example server=smtp://e:587\n  user=f password=file:~/.g from=h@i.j\nany issue: notify boss",
                "channel p: sns +15551234567 region=a-b-1\nchannel q: sns arn:aws:sns:a:1:t\nx cleared: notify p, notify q, bell",
                "any warning: steer a=1 b=\"c d\", command \"echo '$X' \\\"y\\\"\", pause, checkpoint, desktop\nchannel f: file a",
            ].map { Sample("actions", text: $0) }
        ) { sample in
            let text = sample.text
            do throws(TextFault) {
                for statement in try ActionList(text).statements {
                    guard try ActionStatement(statement.text).actions == statement.actions else {
                        return .wrong("\(statement.text) is another action")
                    }
                }
                return .accepted
            } catch {
                let place = error.place(in: text)
                return place.line > 0 && place.column > 0 ? .refused(error.message) : .wrong("a fault has no place")
            }
        }
    }

    /// Shows a rule some losses; windows that take memory are left out.
    private static func play(_ line: String) throws(TextFault) {
        guard line.utf8.allSatisfy({ $0 != UInt8(ascii: "k") && $0 != UInt8(ascii: "M") }), line.count < 400 else { return }
        let record = SampleEvents.record("one", 1)
        do throws(RuleLineFault) {
            let points = (1...20).map { MetricPoint(step: $0, epoch: 1, wallTime: 0, value: $0 == 7 ? .nan : Double($0 % 5)) }
            _ = RuleReplay(
                of: record, try RuleSelection([line]), RunHistory(curves: [(.trainLoss, points), (.validationLoss, points)]))
        } catch { throw error.fault }
    }

    private static func keys() -> Subject {
        Subject(
            samples: [
                "abc\u{1B}[A\u{1B}[1;5C\u{1B}OP\u{1B}", "\u{1B}[<0;10;20M\u{1B}[<0;10;20m\u{1B}[M !!",
                "\u{1B}[200~paste\r\nme\u{1B}[201~x",
                "\u{1B}[?62;4c\u{1B}]11;rgb:0000/0000/0000\u{7}\u{1B}P>|xterm\u{1B}\\é漢😀",
                "\u{1B}[97;5u\u{1B}[27;2;13~\u{1B}[I\u{1B}[O",
            ].map { Sample("keys", text: $0) }
        ) { sample in
            var whole = InputDecoder(), pieces = InputDecoder()
            var first = whole.feed(sample.bytes), second: [InputEvent] = []
            for start in stride(from: 0, to: sample.bytes.count, by: 3) {
                second += pieces.feed(sample.bytes[start..<min(start + 3, sample.bytes.count)])
            }
            first += whole.flush() + whole.endPaste()
            second += pieces.flush() + pieces.endPaste()
            return first == second ? .accepted : .wrong("bytes that come in pieces are other keys")
        }
    }

    private static func json() -> Subject {
        Subject(
            samples: [
                Sample(
                    "document", text: "{\"a\":[1,2.5,-3e7,\"x\\u00e9\\n\\ud83d\\ude00\",null,true,{}],\"b\":{\"c\":[[],[0]]}}"),
                Sample("number", text: "-1.5e-300"),
            ]
        ) { sample in
            do throws(JSONError) {
                let value = try JSONValue(parsing: sample.text)
                let text = value.text
                guard try JSONValue(parsing: text).text == text else { return .wrong("a document that was written is another") }
                return .accepted
            } catch { return .refused(error.description) }
        }
    }

    private static func events() -> Subject {
        Subject(samples: SampleEvents.all.map { Sample("event", text: $0.json.text) }) { sample in
            do throws(JSONError) {
                guard let event = StudioEvent(json: try JSONValue(parsing: sample.text)) else { return .refused("no event") }
                let text = event.json.text
                guard let again = StudioEvent(json: try JSONValue(parsing: text)), again.json.text == text else {
                    return .wrong("an event that was written is another: \(text)")
                }
                if var run = runs.first { run.apply(event) }
                return .accepted
            } catch { return .refused(error.description) }
        }
    }
}
