import Cells
import Events
import PrintableText
import Tables
import Training

extension ParsedArguments {
    /// Says how a data file was read, in one line on standard error, unless it is to be quiet.
    func say(_ table: Table, _ input: DataInput) {
        guard !flag("--quiet") else { return }
        let name = input.name.split(separator: "/").last.map(String.init) ?? input.name
        Console.note("\(name.printable): \(DataReading(table).line(grouped: NumberFormat.grouped).printable)")
    }
}
