import Glibc
import Numerics

// Rewrites the generated sample files: SampleData FOLDER. The same seeds give the same bytes.

/// Says something on standard error and ends.
func fail(_ message: String, status: Int32) -> Never {
    let bytes = Array("\(message)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(status)
}

guard CommandLine.arguments.count == 2 else {
    fail("usage: SampleData FOLDER", status: 2)
}
let files = [
    ("salary.csv", Salary.text()), ("insurance.csv", Insurance.text()), ("brokerage.csv", Brokerage.text()),
    ("credit.csv", Credit.text()), ("demand.csv", Demand.text()), ("reviews.csv", Reviews.text()),
]
for (name, text) in files {
    let path = "\(CommandLine.arguments[1])/\(name)"
    guard let file = fopen(path, "w"), fputs(text, file) >= 0, fclose(file) == 0 else {
        fail("SampleData: \(path) cannot be written: \(String(cString: strerror(errno)))", status: 1)
    }
    print("\(path): \(text.split(separator: "\n").count - 1) rows")
}
