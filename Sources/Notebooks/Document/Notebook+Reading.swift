import JSON

extension Notebook {
    /// Reads a notebook of format 4, or of the older 2 and 3, which become 4.
    ///
    /// - Throws: what it is instead, with the place where it is damaged.
    public init(parsing bytes: [UInt8]) throws(NotebookFault) {
        // A mark of the encoding is no part of it; bytes that are no text would be replaced, and so lost when it is written again.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw NotebookFault("it is no notebook: it is not in UTF-8: have Jupyter save it again")
        }
        let document: JSONValue
        do throws(JSONError) { document = try JSONValue(parsing: bytes) } catch {
            let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
            throw NotebookFault("it is no notebook: line \(line) is no JSON (\(error.message))")
        }
        guard let format = document["nbformat"]?.integer else {
            throw NotebookFault("it is JSON, and no notebook: it has no nbformat")
        }
        let found: [JSONValue]
        switch format {
        case 4: found = document["cells"]?.array ?? []
        case 2, 3:
            guard let sheets = document["worksheets"]?.array else { throw NotebookFault("it is a notebook without worksheets") }
            found = sheets.flatMap { $0["cells"]?.array ?? [] }.map { NotebookUpgrade.cell(NotebookUpgrade.joined($0, format)) }
        default:
            throw NotebookFault("it is a notebook of format \(format), and 2 to 4 are read: have Jupyter save it again")
        }
        guard format != 4 || document["cells"]?.array != nil else { throw NotebookFault("it is a notebook without cells") }
        var cells: [NotebookCell] = []
        for (place, json) in found.enumerated() {
            guard let cell = NotebookCell(json: json) else {
                throw NotebookFault("its cell \(place + 1) is damaged: it is \(json.members == nil ? "no object" : "of no kind")")
            }
            cells.append(cell)
        }
        self.init(cells: cells, metadata: document["metadata"]?.members == nil ? .object([]) : document["metadata"] ?? .null)
    }
}

extension NotebookCell {
    init?(json: JSONValue) {
        guard let name = json["cell_type"]?.string else { return nil }
        guard let kind = Kind(rawValue: name), kind != .other else {
            self.init(.other, "a cell of a kind '\(name)'", id: json["id"]?.string)
            others = json.members ?? []
            return
        }
        self.init(kind, NotebookLines.text(json["source"]) ?? "", id: json["id"]?.string)
        metadata = json["metadata"]?.members == nil ? .object([]) : json["metadata"] ?? .null
        outputs = (json["outputs"]?.array ?? []).map(NotebookOutput.init(json:))
        executionCount = json["execution_count"]?.integer
        let known: Set = ["cell_type", "source", "metadata", "outputs", "execution_count", "id"]
        others = (json.members ?? []).filter { !known.contains($0.name) }
    }
}

/// Cells of formats 2 and 3 as those of format 4.
///
/// - Source: nbformat 4's account of what changed.
enum NotebookUpgrade {
    /// Texts that a notebook of these formats has as lists of lines.
    private static let texts: Set = ["source", "input", "text", "html", "svg", "latex", "javascript", "json"]

    /// A cell whose texts are no lists any more. In format 2 lines have no ends, and in format 3 some programs left them out, too.
    ///
    /// - Source: nbformat 5.11, which puts them together so.
    static func joined(_ cell: JSONValue, _ format: Int) -> JSONValue {
        guard let members = cell.members else { return cell }
        return .object(
            members.map { member in
                if member.name == "outputs", let outputs = member.value.array {
                    return .init(member.name, .array(outputs.map { joined($0, format) }))
                }
                guard texts.contains(member.name), let lines = member.value.array, case let own = lines.compactMap(\.string),
                    own.count == lines.count
                else { return member }
                let haveEnds = format == 3 && own.first?.utf8.last == 0x0A
                return .init(member.name, .string(own.joined(separator: haveEnds ? "" : "\n")))
            })
    }

    static func cell(_ old: JSONValue) -> JSONValue {
        let source = NotebookLines.text(old["source"] ?? old["input"]) ?? ""
        var cell = NotebookCell(.markdown, source)
        switch old["cell_type"]?.string {
        case "code":
            cell.kind = .code
            cell.executionCount = old["prompt_number"]?.integer
            cell.outputs = (old["outputs"]?.array ?? []).map(output)
        case "heading":
            let level = min(6, max(1, old["level"]?.integer ?? 1))
            cell.source = String(repeating: "#", count: level) + " " + source.replacing("\n", with: " ")
        case "raw", "plaintext": cell.kind = .raw
        case "markdown", "html", "rst": break
        default: return old
        }
        if let metadata = old["metadata"], metadata.members != nil { cell.metadata = metadata }
        var used = Set<String>()
        guard case .object(let members) = cell.json(number: 0, used: &used) else { return old }
        return .object(members.filter { $0.name != "id" })
    }

    private static let types = [
        "text": "text/plain", "html": "text/html", "latex": "text/latex", "json": "application/json",
        "javascript": "application/javascript", "png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml",
    ]

    private static func output(_ old: JSONValue) -> NotebookOutput {
        switch old["output_type"]?.string {
        case "stream":
            return .stream(name: old["stream"]?.string ?? "stdout", text: NotebookLines.text(old["text"]) ?? "")
        case "pyerr":
            return .error(
                name: old["ename"]?.string ?? "", value: old["evalue"]?.string ?? "",
                traceback: old["traceback"]?.array?.compactMap(\.string) ?? [])
        case "pyout", "display_data":
            let isResult = old["output_type"]?.string == "pyout"
            let forms = (old.members ?? []).compactMap { member in
                types[member.name].map { JSONValue.Member($0, member.value) }
            }
            let data = NotebookData(json: .object(["data": .object(forms)]))
            return .data(data, result: isResult ? old["prompt_number"]?.integer ?? 0 : nil)
        default: return .other(old)
        }
    }
}
