import PrintableText

/// A file or a column that cannot be used as asked, with the place where the data is at fault.
public struct TableError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of fault it is; stable, for tests and callers.
    public enum Code: String, Sendable, Hashable {
        case fileNotFound, notAFile, unreadable, emptyFile, nulByte
        case damagedFile, unsupportedFormat, tooLarge, invalidJSON
        case fieldCount, openQuote, textAfterQuote, fieldTooLong, tooManyColumns
        case columnNotFound, columnUnusable, valueUnusable, infiniteValue
        case noRows, noFeatures, unknownLabel, tooManyClasses, oneClass, badFraction, badOption, writeFailed, closedPipe, stopped
    }

    /// The kind of fault.
    public var code: Code
    /// What happened: what to do.
    public var message: String
    /// The file at fault, when one is.
    public var path: String?
    /// Physical line on which the record begins, from 1.
    public var line: Int?
    /// Field of the record or, in JSON Lines, character of the line, from 1.
    public var column: Int?

    /// An error with as much of its place as is known.
    public init(_ code: Code, _ message: String, path: String? = nil, line: Int? = nil, column: Int? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.line = line
        self.column = column
    }

    /// `titanic.csv:12:5: expected 15 fields, found 14: add the missing fields or quote the text`.
    public var description: String {
        var place = (path ?? "").printable
        if let line { place += ":\(line)" }
        if let line = line, line > 0, let column { place += ":\(column)" }
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

/// Something about the data that does not stop work but that its owner should know.
public struct TableWarning: Sendable, Hashable, Codable {
    /// Stable words for tests, filters and the event log.
    public enum Code: String, Sendable, Hashable, Codable {
        case invalidUTF8, duplicateHeader, repeatedKey, emptyHeader, noRows, mixedColumn, ambiguousDates, infiniteValues,
            blankLines
        case unsureHeader, skippedLines, quotesOff, ambiguousNumbers, unlikelyDates, strayValues, roundedNumbers, severalParts,
            encoding, lostValues, skippedFiles, missingColumn, totalRow
        case constantColumn, nearlyConstant, allMissing, manyMissing, highCardinality, orderedByTarget, orderedColumn,
            scaleSpread, leakage
        case listColumn, unwrapped, binaryValues, extraColumns
        case rowName, keyLike
        case streamed, validation, imbalance, duplicateRows, outliers, missingTarget, droppedColumn, unseenCategory, unseenClass,
            rowWeights, doubtfulTargets, targetTask
        /// How a column's values become features: nothing is wrong.
        case featureChoice
    }

    /// The kind of warning.
    public var code: Code
    /// The column concerned, when it is one.
    public var column: String?
    /// What was found and what it means, in one line.
    public var message: String
    /// Rows to look at, counted from 1; nil where it is not about single rows.
    public var rows: [Int]?

    /// Whether it says that a column of a name is there twice, so that another program might take another one.
    ///
    /// - Parameter known: names that are columns of their own, as which a second one may be read.
    package func saysTwice(_ name: String, known: Set<String>) -> Bool {
        switch code {
        case .repeatedKey: return column == name
        case .duplicateHeader:
            // The second column is called as the first, with a number behind it.
            guard let column, !known.contains(column), column.hasPrefix(name + "_") else { return false }
            return Int(column.dropFirst(name.count + 1)) != nil
        default: return false
        }
    }

    /// A warning about a column or, without one, about the table.
    public init(_ code: Code, column: String? = nil, _ message: String) {
        self.code = code
        self.column = column
        self.message = message
    }
}
