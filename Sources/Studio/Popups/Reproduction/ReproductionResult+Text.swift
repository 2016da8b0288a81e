import Cells
import Events
import JSON

extension ReproductionResult {
    /// Whether the run came out the same, in a sentence that begins with `=` or `≠`.
    package func text(of name: String) -> String {
        let size = "\(NumberFormat.grouped(pointCount)) points of \(curveCount) curves"
        guard let first, let largest else {
            guard isSame else { return "≠ \(name): the model's bytes differ, \(size) are the same" }
            return "= \(name): the same to the bit (\(size)\(isModelSame == nil ? "; no model to compare" : ", and the model"))"
        }
        let value = { (number: Double?) in number.map { JSONValue.text($0) } ?? "none" }
        let place = "\(first.metric) at step \(NumberFormat.grouped(first.step)): \(value(first.before)), now \(value(first.now))"
        let most = "\(largest.metric) by \(NumberFormat.significant(largest.size)) at step \(NumberFormat.grouped(largest.step))"
        let model = isModelSame == true ? "; the model is the same" : ""
        return "≠ \(name): first differs in \(place); most in \(most)\(model)"
    }
}
