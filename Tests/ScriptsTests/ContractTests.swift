import Events
import Files
import Testing
import TemporaryFolders

@testable import Scripts

/// SageMaker's script mode: how hyperparameters reach a script.
struct ContractTests {
    @Test func hyperparametersAreArgumentsAsTheToolkitHasThem() {
        // The table that the toolkit itself made of these.
        #expect(
            ScriptArguments.arguments([
                "lr": "0.1", "big": "1e3", "flag": "true", "off": "false", "none": "null", "quoted": "\"quoted\"",
                "words": "hello world", "seven": "007", "text": "\"007\"", "list": "[1, 2, \"a\"]",
                "map": "{\"k\":1,\"j\":\"x y\"}",
                "x": "5",
            ]) == [
                "--big", "1e3", "--flag", "True", "--list", "[1, 2, 'a']", "--lr", "0.1", "--map", "k=1,j=x y", "--none", "",
                "--off", "False", "--quoted", "quoted", "--seven", "007", "--text", "007", "--words", "hello world", "-x", "5",
            ])
        #expect(ScriptArguments.json(["b": "true", "a": "0.5", "c": "adam"]) == #"{"a":0.5,"b":true,"c":"adam"}"#)
        #expect(ScriptArguments.variable("null") == "" && ScriptArguments.variable("[1,2]") == "[1,2]")
    }

    @Test func numbersStayAsTheyWereWritten() {
        #expect(
            ScriptArguments.json([
                "a": "0123", "b": "1.0", "c": "123456789012345678901", "d": "1e400", "e": "-0.50", "f": "1.", "g": "NaN",
                "h": "[1.0, 2]", "i": "[01]", "j": "\"0123\"", "k": "-", "l": "1e5", "m": "+1", "n": " 5 ", "o": "{\"k\":1.10}",
            ])
                == #"{"a":"0123","b":1.0,"c":123456789012345678901,"d":1e400,"e":-0.50,"f":"1.","g":"NaN","h":[1.0, 2],"i":"[01]","#
                + #""j":"0123","k":"-","l":1e5,"m":"+1","n":5,"o":{"k":1.10}}"#)
        #expect(ScriptArguments.variable("0123") == "0123" && ScriptArguments.variable("1.0") == "1.0")
        #expect(ScriptArguments.variable("[1.0]") == "[1.0]" && ScriptArguments.variable("1e400") == "1e400")
        #expect(ScriptArguments.arguments(["a": "[1.0, 2]", "bb": "0123"]) == ["-a", "[1.0, 2]", "--bb", "0123"])
    }

    @Test func aTracebackSaysWhereInTheUsersOwnFile() {
        let found = PythonException(in: [
            "step 1", "Traceback (most recent call last):", "  File \"/home/u/train.py\", line 12, in <module>", "    main()",
            "  File \"/home/u/.venv/lib/python3.11/site-packages/torch/nn/modules/linear.py\", line 5, in forward", "    x @ w",
            "RuntimeError: shapes (3,4) and (5,) do not fit", "printed later",
        ])
        #expect(found?.message == "RuntimeError: shapes (3,4) and (5,) do not fit" && found?.place == "train.py:12")
        #expect(PythonException(in: ["no traceback here"]) == nil)
        // Of several processes under a launcher that of the worker.
        let ranks = PythonException(in: [
            "[rank1]: Traceback (most recent call last):", "[rank1]:   File \"/home/u/ddp.py\", line 9, in <module>",
            "[rank1]:     raise ValueError(\"rank one dies\")", "[rank1]: ValueError: rank one dies", "E1128 agent: failed",
            "Traceback (most recent call last):",
            "  File \"/x/lib/python3.11/site-packages/torch/distributed/run.py\", line 9, in main",
            "    raise ChildFailedError(", "torch.distributed.elastic.multiprocessing.errors.ChildFailedError: ", "=====",
            "ddp.py FAILED",
        ])
        #expect(ranks?.message == "ValueError: rank one dies" && ranks?.place == "ddp.py:9")
    }

    @Test func theLogKeepsTheFirstAndTheLastOfIt() throws {
        let folder = try TemporaryFolder()
        let log = ScriptLog(folder: folder.path, goesOn: false)
        let line = [UInt8](repeating: 97, count: 9_990)
        for number in 0..<8_000 { log.append(Array("\(number) ".utf8) + line, isCut: false) }
        log.close()
        let files = ScriptLog.files(in: folder.path)
        #expect(files.count == ScriptLog.laterFiles + 1)
        let size = files.reduce(0) { $0 + (FileStamp($1.path)?.size ?? 0) }
        #expect(size <= (ScriptLog.laterFiles + 1) * (ScriptLog.fileBytes + 1 << 17))
        #expect(FileContents.head(files[0].path, count: 2) == Array("0 ".utf8))
        #expect(log.tail.last?.hasPrefix("7999 ") == true)
        // Read piece by piece, the gap is told once.
        var place = (file: 0, offset: 0), gaps = 0, bytes = 0
        while true {
            let piece = ScriptLog.read(in: folder.path, after: place, atMost: 3 << 20)
            (place, bytes) = ((piece.file, piece.offset), bytes + piece.bytes.count)
            gaps += piece.hasGap ? 1 : 0
            if !piece.hasMore { break }
        }
        #expect(bytes == size && gaps == 1)
    }

    @Test func aDescriptionThatIsWrongSaysWhere() throws {
        for (text, word) in [
            (#"{"hyperparameters":5}"#, "object of names"), (#"{"hyperparameters":{"a":{}}}"#, "a: write"),
            (#"{"hyperparameters":{"a":{"type":"float","mni":1}}}"#, "no 'mni'"),
            (#"{"hyperparameters":{"":{"type":"int"}}}"#, "no name"),
            (#"{"hyperparameters":{"a":{"type":"int","min":"x"}}}"#, "min has to be"),
            (#"{"hyperparameters":{"a":{"type":"int","default":1.5}}}"#, "a whole number"),
        ] {
            let error = #expect(throws: ScriptError.self) { try ScriptDescription(parsing: text) }
            #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
        }
        let text = try ScriptDescription(parsing: #"{"hyperparameters":{"a":{"type":"text","default":"q r"}}}"#)
        #expect(try text.complete([:], but: []) == ["a": "q r"] && text.complete(["a": "x y"], but: []) == ["a": "x y"])
    }
}
