import Events
import Experiments
import JSON
import Remotes
import Scripts
import Studio

/// What a place says about a run's files, as it travels.
enum FarAnswers {
    /// Bytes of a script's output in one answer.
    private static let portion = 256 << 10

    // MARK: - At the far end

    static func find(_ question: FarQuestion, _ engine: Engine) throws -> JSONValue {
        let folder = engine.workspace.artifactFolder(of: question.run.text)
        switch question {
        case .forkPlaces(let run):
            let places = try engine.forkPlaces(run, in: engine.store)
            return .object([
                "steps": .array(places.steps.map { .integer($0) }), "best": places.bestStep.map { .integer($0) },
            ])
        case .outlook(let run):
            let outlook = try engine.reproduction(of: run, in: engine.store).outlook
            let texts = { (texts: [String]) in JSONValue.array(texts.map { .string($0) }) }
            return .object([
                "obstacles": texts(outlook.obstacles), "differences": texts(outlook.differences), "notes": texts(outlook.notes),
            ])
        case .files:
            return .array(
                ArtifactFiles.list(folder).map { file in
                    .object([
                        "name": .string(file.name), "bytes": .integer(file.byteCount), "at": .number(file.modifiedAt),
                    ])
                })
        case .output(_, let file, let offset):
            let read = ScriptLog.read(in: folder, after: (file, offset), atMost: portion)
            return .object([
                "file": .integer(read.file), "offset": .integer(read.offset), "data": .string(Base64.text(read.bytes)),
                "anew": .boolean(read.isAnew), "gap": .boolean(read.hasGap), "more": .boolean(read.hasMore),
            ])
        }
    }

    // MARK: - Here

    static func forkPlaces(_ json: JSONValue) -> ForkPlaces {
        ForkPlaces(
            steps: json["steps"]?.array?.compactMap(\.integer).filter(isStep) ?? [],
            bestStep: json["best"]?.integer.flatMap { isStep($0) ? $0 : nil })
    }

    private static func isStep(_ number: Int) -> Bool { (0...1 << 53).contains(number) }

    static func outlook(_ json: JSONValue, of run: RunID) -> ReproductionOutlook {
        let texts = { (name: String) in json[name]?.array?.compactMap(\.string) ?? [] }
        return ReproductionOutlook(
            run: run, obstacles: texts("obstacles"), differences: texts("differences"), notes: texts("notes"))
    }

    static func files(_ json: JSONValue) -> [RunDetails.File] {
        (json.array ?? []).prefix(RunDetails.mostFiles).compactMap { file in
            guard let name = file["name"]?.string, let count = file["bytes"]?.integer, isStep(count),
                let time = file["at"]?.double, time.isFinite
            else { return nil }
            return RunDetails.File(name: name, byteCount: count, modifiedAt: time)
        }
    }

    /// - Throws: where it makes no sense.
    static func output(_ json: JSONValue) throws(CommandError) -> OutputText.Piece {
        guard let file = json["file"]?.integer, let offset = json["offset"]?.integer, isStep(file), isStep(offset),
            let bytes = json["data"]?.string.flatMap(Base64.bytes)
        else { throw .failed("what the place says of the output makes no sense: have the same descent on both machines") }
        return OutputText.Piece(
            bytes, end: OutputText.Place(file: file, offset: offset), isAnew: json["anew"]?.boolean ?? false,
            hasGap: json["gap"]?.boolean ?? false, hasMore: json["more"]?.boolean ?? false)
    }
}
