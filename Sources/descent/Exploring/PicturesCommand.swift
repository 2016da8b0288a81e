import Cells
import Events
import Experiments
import Exploring
import JSON
import PrintableText
import Studio
import Tables

/// `descent data pictures`: rows of a data file as pictures, or those that a run's model gets wrong.
enum PicturesCommand {
    static let specification = CommandSpecification(
        words: ["data", "pictures"], summary: "rows as pictures: of IDX files, and of tables whose columns are pixels",
        details: """
            What the pixels are is read from the file (IDX), or from columns of numbers that are named alike and count up: by row and \
            column, or to a square; what was found is said. --shape says it otherwise. Pictures are drawn in dots.

            With --wrong only the pictures are shown that a run's model takes for another class, the surest first: of the rows that \
            the run held out, where it did.
            """,
        positionals: [.init(name: "FILE", help: DataFile.formats)],
        options: [
            .init(name: "--class", value: "NAME", help: "only those of a class"),
            .init(
                name: "--class-column", value: "COL",
                help: "the column that tells classes (default: label, or the one that is no pixel)"),
            .init(name: "--shape", value: "HxW", help: "height and width in pixels, such as 28x28; 32x32x3 in colours"),
            .init(name: "--wrong", value: "RUN", help: "only those that a run's model gets wrong: its name, id or @latest"),
            .init(name: "--count", value: "N", help: "how many of each class (default: 3)"),
        ],
        examples: [
            "descent data pictures sample-data/digits.csv --class 7 --count 2",
            "descent data pictures sample-data/digits.csv --wrong @latest --json",
        ],
        readsData: true,
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let count = try arguments.count("--count", usual: 3)
        let input = try DataInput(arguments.positionals[0])
        var question = PictureQuestion(RowsFile(path: input.path, reading: try arguments.reading()))
        (question.shape, question.classColumn) = (arguments.value("--shape"), arguments.value("--class-column"))
        let judge = try judge(arguments)
        question.wrongOf = judge?.0.record.id
        let views = PictureViews.shared
        let known = try answer(ReadPictures(question), judge, views)
        let sections = try sections(known, arguments)
        let windows = sections.map { ReadPictures.Window(section: $0, first: 0, count: count) }
        let answer = try answer(ReadPictures(question, windows), judge, views)
        for tile in answer.tiles { arguments.flag("--json") ? printJSON(tile, answer) : print(tile, answer) }
        guard !arguments.flag("--quiet") else { return .done }
        let all = answer.sections.reduce(0) { $0 + $1.count }
        let which =
            judge.map { " of \(NumberFormat.grouped(answer.lookedAt)) that \($0.0.record.name) gets wrong" } ?? " pictures"
        Console.note("\(input.name.printable): \(NumberFormat.grouped(all))\(which); \(answer.words)")
        for note in answer.notes { Console.note(note) }
        return .done
    }

    private static func answer(
        _ query: ReadPictures, _ judge: (RunSummary, Workspace)?, _ views: PictureViews
    ) throws -> PicturesAnswer {
        do {
            return try views.answer(query, run: judge, isWanted: { true }, tell: { _ in })
        } catch let refusal as PictureRefusal { throw CommandError.data(refusal.description) }
    }

    /// The classes to show by their places.
    private static func sections(_ answer: PicturesAnswer, _ arguments: ParsedArguments) throws(CommandError) -> [Int] {
        guard let name = arguments.value("--class") else { return Array(answer.sections.indices) }
        let found = answer.sections.indices.filter { answer.sections[$0].label == name }
        guard found.isEmpty else { return found }
        let labels = answer.sections.compactMap(\.label)
        guard answer.classColumn != nil, !labels.isEmpty else {
            throw .usage("--class \(name): no column tells classes: give one with --class-column")
        }
        throw .usage("there is no class '\(name)': there are \(labels.prefix(20).joined(separator: ", "))")
    }

    private static func printJSON(_ tile: PicturesAnswer.Tile, _ answer: PicturesAnswer) {
        var members: [JSONValue.Member] = [.init("kind", .string("picture")), .init("row", .integer(tile.row + 1))]
        if let label = tile.label { members.append(.init("class", .string(label))) }
        if let predicted = tile.predicted { members.append(.init("predicted", .string(predicted))) }
        if let sureness = tile.sureness { members.append(.init("sureness", .number(sureness))) }
        members += [.init("height", .integer(answer.height)), .init("width", .integer(answer.width))]
        // Shades of grey, or three colours a pixel; nothing where no value is known.
        members.append(
            .init(
                "pixels",
                .array(
                    (0..<answer.height).map { y in
                        .array((0..<answer.width).map { x in pixel(tile.picture.pixels, (y * answer.width + x) * 4) })
                    })))
        Console.print(JSONValue.object(members).text)
    }

    private static func pixel(_ pixels: [UInt8], _ place: Int) -> JSONValue {
        guard pixels[place + 3] > 0 else { return .null }
        let colors = pixels[place..<place + 3].map { JSONValue.integer(Int($0)) }
        return Set(pixels[place..<place + 3]).count == 1 ? colors[0] : .array(colors)
    }

    private static func print(_ tile: PicturesAnswer.Tile, _ answer: PicturesAnswer) {
        var caption = "row \(NumberFormat.grouped(tile.row + 1))"
        if let label = tile.label { caption += "  \(label)" }
        if let predicted = tile.predicted { caption += " → \(predicted)" }
        if let sureness = tile.sureness { caption += "  \(NumberFormat.percent(sureness))" }
        Console.print(caption.printable)
        let width = min(answer.width * (answer.width < 20 ? 2 : 1), 76)
        let size = Size(width: width, height: max(1, (width * answer.height + answer.width) / (2 * answer.width)))
        for line in PictureCells(tile.picture, size: size, glyphs: .braille, isColorless: true).lines { Console.print(line) }
        Console.print("")
    }

    private static func judge(_ arguments: ParsedArguments) throws -> (RunSummary, Workspace)? {
        guard let name = arguments.value("--wrong") else { return nil }
        let store = try WorkspaceChoice.reading(arguments)
        return (try store.run(named: name), store.workspace)
    }
}
