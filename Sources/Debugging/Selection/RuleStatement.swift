import TextScanning

/// What one line of a list of rules says.
public enum RuleStatement: Sendable, Hashable {
    /// A rule of the user's own.
    case own(OwnRule)
    /// A rule that Descent has, switched on with parameters; by its name in the catalogue.
    case use(String, [String: String])
    /// A rule that is switched off.
    case off(String)

    /// The rule that it is about.
    public var name: String {
        switch self {
        case .own(let rule): rule.name
        case .use(let name, _), .off(let name): name
        }
    }

    /// Reads a list of rules: a statement begins at a line that is not indented, and goes on in lines that are.
    ///
    /// ```
    /// spike: loss > 2 * rolling_min(loss, 100) for 20 steps
    ///     severity issue
    ///     message "the loss doubled"
    ///     remedy set learning_rate=0.001
    /// DeadRelu(threshold_layer=40)
    /// off StillImproving
    /// ```
    /// What stands behind `#` is not read.
    /// - Parameter names: rules of the user's own that stand elsewhere in the list.
    /// - Returns: what each statement says, with its text on one line.
    /// - Throws: the first thing that is wrong, and where.
    public static func all(
        in text: String, knowing names: Set<String> = []
    ) throws(TextFault) -> [(statement: RuleStatement, text: String)] {
        var names = names
        let statements = WrittenStatements(text)
        let characters = statements.characters
        guard characters.count <= longest else {
            throw TextFault(0..<1, "rules may be \(longest) characters long together, and not \(characters.count): write fewer")
        }
        var found: [(statement: RuleStatement, text: String)] = []
        for range in statements.ranges {
            var parser = RuleStatementParser(TextScanner(characters, in: range), own: names)
            for statement in try parser.statements() {
                if case .own(let rule) = statement,
                    found.contains(where: { $0.statement.isOwn && $0.statement.name == rule.name })
                {
                    throw TextFault(parser.nameRange, "there is a rule \(rule.name) already: give this one another name")
                }
                let line = if case .off(let name) = statement { "off \(name)" } else { statements.oneLine(range) }
                found.append((statement, line))
                if case .own(let rule) = statement { names.insert(rule.name) }
            }
        }
        return found
    }

    /// What is wrong with a statement of a list.
    public struct Fault: Sendable, Hashable {
        /// Counted from 1.
        public var line: Int
        public var column: Int
        public var message: String
    }

    /// The statements of a list that can be read, a line each, and what is wrong with the others.
    public static func readable(in text: String) -> (lines: [String], faults: [Fault]) {
        let statements = WrittenStatements(text), characters = statements.characters
        var lines: [String] = [], faults: [Fault] = [], names: Set<String> = []
        for range in statements.ranges {
            // What stands before keeps its places.
            let before = String(characters[..<range.lowerBound].map { $0.isNewline ? $0 : " " })
            let own = before + String(characters[range])
            do throws(TextFault) {
                lines += try all(in: own, knowing: names).map(\.text)
                names.formUnion(ownNames(in: lines.suffix(1)))
            } catch {
                let place = error.place(in: own)
                faults.append(Fault(line: place.line, column: place.column, message: error.message))
            }
        }
        return (lines, faults)
    }

    /// The names of the user's own rules in a list, whose lines that cannot be read are passed over.
    public static func ownNames(in lines: some Sequence<String>) -> Set<String> {
        var names: Set<String> = []
        for line in lines {
            do throws(TextFault) {
                for (statement, _) in try all(in: line, knowing: names) where statement.isOwn { names.insert(statement.name) }
            } catch { continue }
        }
        return names
    }

    static let longest = 1 << 18

    private var isOwn: Bool { if case .own = self { true } else { false } }
}
