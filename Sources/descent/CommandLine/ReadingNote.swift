import Cells
import Events
import PrintableText
import Tables
import Training

extension ParsedArguments {
    /// What whoever uses the rows has to know; the rest is for `data profile`.
    private static let told: Set<TableWarning.Code> = [
        .strayValues, .totalRow, .lostValues, .invalidUTF8, .binaryValues, .quotesOff, .unlikelyDates, .skippedFiles,
        .missingColumn, .repeatedKey,
        .ambiguousDates, .ambiguousNumbers,
    ]

    /// Says what of the model's training file was taken over, unless it is to be quiet.
    func say(_ model: Model, _ options: ReadOptions) {
        guard !flag("--quiet"), let words = model.readingTaken(options) else { return }
        Console.note("as the training file was read by hand: \(words.printable); an option of the same name says otherwise")
    }

    /// Says how a data file was read, in one line on standard error, unless it is to be quiet; what is wrong with it in any case.
    func say(_ table: Table, _ input: DataInput) {
        if !flag("--quiet") {
            let name = input.name.split(separator: "/").last.map(String.init) ?? input.name
            Console.note("\(name.printable): \(DataReading(table).line(grouped: NumberFormat.grouped).printable)")
        }
        for warning in table.warnings where Self.told.contains(warning.code) {
            Console.note("warning: \(warning.message.printable)")
        }
    }
}
