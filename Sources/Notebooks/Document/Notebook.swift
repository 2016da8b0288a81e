import JSON

/// A Jupyter notebook. What is not understood stays as it was read.
///
/// - Source: the notebook format, nbformat 4.5.
public struct Notebook: Hashable, Sendable {
    public var cells: [NotebookCell]
    /// Of the document: its kernel, its language.
    public var metadata: JSONValue

    public init(cells: [NotebookCell], metadata: JSONValue = .object([])) {
        (self.cells, self.metadata) = (cells, metadata)
    }

    /// The name of the kernel that it was written with; nil = it does not say.
    public var kernelName: String? { metadata["kernelspec"]?["name"]?.string }

    /// In lower case; Python where it says nothing.
    public var language: String {
        (metadata["language_info"]?["name"]?.string ?? metadata["kernelspec"]?["language"]?.string ?? "python").lowercased()
    }

    /// Metadata of a notebook that runs on the usual Python kernel.
    public static let pythonMetadata: JSONValue = .object([
        "kernelspec": .object([
            "display_name": .string("Python 3"), "language": .string("python"), "name": .string("python3"),
        ]),
        "language_info": .object(["name": .string("python")]),
    ])

    /// The document in nbformat 4.5, laid out as Jupyter lays it out: a change of one line is a change of one line.
    public var text: String {
        var used = Set<String>()
        let document: JSONValue = .object([
            "cells": .array(cells.enumerated().map { $1.json(number: $0, used: &used) }), "metadata": metadata,
            "nbformat": .integer(4), "nbformat_minor": .integer(5),
        ])
        return document.laidOut + "\n"
    }
}

extension JSONValue {
    /// The document with a member or an element a line, one space a level.
    fileprivate var laidOut: String {
        var out = ""
        write(into: &out, level: 1)
        return out
    }

    private func write(into out: inout String, level: Int) {
        let indent = "\n" + String(repeating: " ", count: level)
        switch self {
        case .array(let elements) where !elements.isEmpty:
            out += "["
            for (place, element) in elements.enumerated() {
                out += (place > 0 ? "," : "") + indent
                element.write(into: &out, level: level + 1)
            }
            out += indent.dropLast() + "]"
        case .object(let members) where !members.isEmpty:
            out += "{"
            for (place, member) in members.enumerated() {
                out += (place > 0 ? "," : "") + indent + JSONValue.string(member.name).text + ": "
                member.value.write(into: &out, level: level + 1)
            }
            out += indent.dropLast() + "}"
        default: out += text
        }
    }
}
