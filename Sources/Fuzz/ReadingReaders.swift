import Events
import Tables
import Training

/// What is looked at before a file is read: its first rows, and what a user says about reading it.
enum ReadingReaders {
    static var all: [FuzzedReader] {
        [FuzzedReader(name: "preview", make: preview), FuzzedReader(name: "read-options", make: options)]
    }

    private static func preview(_ places: Places) -> Subject {
        let path = places.scratch + "/preview"
        let samples = [
            Sample("plain", text: "a,b,c\n1,2.5,x\n2,,y\n3,1e-3,x\n4,7,\"a, \"\"b\"\"\nc\"\n5,6,7\n"),
            Sample("german", text: "Stand 2025\n\nd;n\n01.02.2024;1.234,5\n02.02.2024;2.345,6\n13.02.2024;3.456,7\n"),
            Sample("objects", text: "{\"a\":1,\"b\":\"x\"}\n{\"a\":2.5,\"b\":null}\n{\"a\":-3e2,\"b\":\"\\u00e9\\n\"}\n"),
            Sample("wide", [0xFF, 0xFE] + "a;b\n1;2\n3;4\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
        ]
        return Subject(samples: samples) { sample in
            FuzzFile.replace(path, with: sample.bytes)
            var options = ReadOptions()
            options.rowLimit = 3
            do throws(TableError) {
                let table = try Table.preview(of: path, options: options, byteLimit: 24).table
                if table.format == .csv, table.rowCount > 3 { return .wrong("\(table.rowCount) rows instead of 3") }
            } catch  where error.message.isEmpty {
                return .wrong("an error without words")
            } catch { return .refused(error.message) }
            if case .unreadable(let message) = DataPreviewing.preview(path: path, reading: [:]) { return .refused(message) }
            return .accepted
        }
    }

    private static func options(_ places: Places) -> Subject {
        let path = places.scratch + "/options.csv"
        FuzzFile.replace(path, with: Array("a;b\n01.02.2024;1.234,5\n02.02.2024;2.345,6\n".utf8))
        let samples = [
            Sample("words", text: "--decimal , --date-format dmy --delimiter ';'"),
            Sample("kinds", text: "--type a=text --type 'b c=date' --strict --header=2"),
            Sample("marks", text: "--quote \\' --thousands space --comment \\# --missing =NA,- --rows 7"),
        ]
        return Subject(samples: samples) { sample in
            let request: [String: String]
            do throws(ReadingProblem) {
                request = try ReadingWords.request(String(decoding: sample.bytes, as: UTF8.self), options: .all)
            } catch { return .refused("\(error)") }
            let words = DataReading.words(of: request)
            do throws(ReadingProblem) {
                let again = try ReadingWords.request(words, options: .all)
                // The one option without a value says yes, or nothing.
                let isSame = again.filter { $0.key != "strict" } == request.filter { $0.key != "strict" }
                guard isSame else { return .wrong("'\(words)' reads back as other options") }
            } catch { return .wrong("'\(words)' does not read back: \(error)") }
            _ = DataPreviewing.preview(path: path, reading: request)
            return .accepted
        }
    }
}

extension [ReadOptionDescription] {
    fileprivate static var all: [ReadOptionDescription] { ReadOptionDescription.all }
}
