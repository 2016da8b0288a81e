import JSON
import Learners

/// What a reply says of one row.
public struct ReplyRow: Sendable, Hashable {
    /// The class or the cluster, as text; nil for models that name none.
    public var label: String?
    public var scores: [Double]

    public init(label: String?, scores: [Double]) { (self.label, self.scores) = (label, scores) }
}

/// Reads what `ReplyWriter` wrote.
struct ReplyReader {
    let shape: ReplyShape
    let classes: [String]
    /// The score from which the second of two classes is meant.
    let threshold: Double

    /// - Returns: nil where it is no reply of this shape.
    func rows(_ body: [UInt8], _ format: MediaType.Format) -> [ReplyRow]? {
        guard let text = String(validating: body, as: UTF8.self) else { return nil }
        do {
            switch format {
            case .json:
                guard let list = try JSONValue(parsing: text)[shape.listName]?.array else { return nil }
                return whole(list.map(row))
            case .jsonLines: return whole(try Self.lines(text).map { row(try JSONValue(parsing: String($0))) })
            case .csv: return whole(Self.lines(text).map(row))
            case .libsvm, .recordIO: return nil
            }
        } catch { return nil }
    }

    private func whole(_ rows: [ReplyRow?]) -> [ReplyRow]? {
        let known = rows.compactMap { $0 }
        return known.count == rows.count ? known : nil
    }

    /// A label in quotes may hold line ends.
    private static func lines(_ text: String) -> [Substring] {
        var lines: [Substring] = [], start = text.utf8.startIndex, isQuoted = false
        for place in text.utf8.indices {
            if text.utf8[place] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard text.utf8[place] == 10, !isQuoted else { continue }
            lines.append(text[start..<place])
            start = text.utf8.index(after: place)
        }
        return start < text.utf8.endIndex ? lines + [text[start...]] : lines
    }

    private func row(_ json: JSONValue) -> ReplyRow? {
        switch shape {
        case .cluster:
            guard let label = json["closest_cluster"].flatMap(Self.text),
                let scores = json["distance_to_cluster"].flatMap(numbers)
            else { return nil }
            return ReplyRow(label: label, scores: scores)
        case .projection: return json["projection"].flatMap(numbers).map { ReplyRow(label: nil, scores: $0) }
        case .score, .labelledScore:
            guard let scores = json["score"].flatMap(numbers) else { return nil }
            return ReplyRow(label: json["predicted_label"].flatMap(Self.text) ?? label(scores), scores: scores)
        }
    }

    private func row(_ line: Substring) -> ReplyRow? {
        var cells = Self.cells(line), label: String?
        switch shape {
        case .cluster: if !cells.isEmpty { label = cells.removeFirst() }
        case .labelledScore: if !classes.isEmpty { label = cells.popLast() }
        case .score, .projection: break
        }
        let scores = cells.compactMap { Double($0) }
        guard scores.count == cells.count else { return nil }
        return ReplyRow(label: label ?? self.label(scores), scores: scores)
    }

    /// The class that scores without a label mean.
    private func label(_ scores: [Double]) -> String? {
        guard shape == .score, classes.count > 1 else { return nil }
        if scores.count == 1 { return scores[0] >= threshold ? classes[1] : classes[0] }
        guard scores.count == classes.count else { return nil }
        return scores.indices.max { (scores[$0], -$0) < (scores[$1], -$1) }.map { classes[$0] }
    }

    private static func cells(_ line: Substring) -> [String] {
        var cells: [String] = [], cell = "", isQuoted = false
        for character in line {
            switch character {
            case "\"":
                // Two quotes in quotes are one.
                if !isQuoted, !cell.isEmpty { cell.append(character) }
                isQuoted.toggle()
            case "," where !isQuoted:
                cells.append(cell)
                cell = ""
            default: cell.append(character)
            }
        }
        return cells + [cell]
    }

    private func numbers(_ json: JSONValue) -> [Double]? {
        guard let list = json.array else { return Self.number(json).map { [$0] } }
        let known = list.compactMap(Self.number)
        return known.count == list.count ? known : nil
    }

    private static func number(_ json: JSONValue) -> Double? { json.double ?? json.string.flatMap { Double($0) } }

    private static func text(_ json: JSONValue) -> String? {
        json.string ?? (json.double == nil && json.boolean == nil ? nil : json.text)
    }
}

extension LoadedModel {
    /// What a reply of this model says, row by row.
    ///
    /// - Returns: nil where it is no reply of this model, or in a format that is not read.
    public func rows(ofReply body: [UInt8], contentType: String) -> [ReplyRow]? {
        MediaType(contentType).flatMap {
            ReplyReader(shape: shape, classes: classes, threshold: scoreThreshold).rows(body, $0.format)
        }
    }
}
