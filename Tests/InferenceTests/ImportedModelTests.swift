import Glibc
import Inference
import Learners
import Testing
import Training

@Suite(.enabled(if: XGBoostLibrary.isAvailable)) struct ImportedModelTests {
    private static let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Files/"

    private func bytes(_ name: String) throws -> [UInt8] {
        let file = try #require(fopen(Self.folder + name, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    /// Expected numbers by XGBoost's own package, 3.2.0 (`make_files.py`). Its last step from margin to probability is in single precision and
    /// ours is not: two units of the last place.
    @Test(arguments: ["binary", "several", "number"], ["json", "ubj"])
    func modelsFromElsewherePredictWhatTheirMakerDoes(_ name: String, _ format: String) throws {
        let model = LoadedModel(try Model.importing(xgboost: try bytes("\(name).\(format)"), schema: .init()))
        #expect(model.neededColumns == ["a", "b", "c", "d"])
        #expect(model.classes == ["binary": ["0", "1"], "several": ["0", "1", "2"]][name] ?? [])
        let reply = try model.invoke(InvocationRequest(body: try bytes("rows.csv"), contentType: "text/csv", accept: "text/csv"))
        let found = numbers(reply.body), expected = numbers(try bytes("\(name).txt"))
        #expect(found.count == expected.count && found.count >= 60)
        for (own, theirs) in zip(found, expected) { #expect(abs(own - theirs) <= 2.4e-7 * max(1, abs(theirs))) }
    }

    private func numbers(_ bytes: [UInt8]) -> [Double] {
        String(decoding: bytes, as: UTF8.self).split { $0 == "," || $0 == "\n" }.compactMap { Double($0) }
    }

    @Test func schemasOfOtherModelsAndFilesThatAreNoneAreRefused() throws {
        let binary = try bytes("binary.ubj")
        func message(_ bytes: [UInt8], _ schema: Model.ImportSchema = .init()) -> String {
            do throws(TrainingError) {
                _ = try Model.importing(xgboost: bytes, schema: schema)
                return ""
            } catch { return error.message }
        }
        #expect(message(binary, .init(columns: ["x"])).contains("1 names of columns for the model's 4 features"))
        #expect(message(binary, .init(classes: ["no"])).contains("1 names for 2 classes"))
        #expect(message(binary, .init(target: "a")).contains("call the target otherwise"))
        #expect(message(try bytes("number.ubj"), .init(classes: ["no", "yes"])).contains("predicts numbers"))
        #expect(message(Array("[1]".utf8)).contains("it is no model"))
        // Cut anywhere it is refused, and no length in it is believed.
        for length in stride(from: 1, to: binary.count, by: 97) { #expect(!message(Array(binary[..<length])).isEmpty) }
        var long = binary
        for place in 2..<10 { long[place] = 0x7F }
        #expect(message(long).contains("no model in UBJSON"))
    }
}
