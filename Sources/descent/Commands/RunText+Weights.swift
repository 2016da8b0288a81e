import Cells
import Events
import Experiments
import JSON
import PrintableText
import Training

extension RunText {
    /// Weights shown of a model that has more.
    private static let weightLimit = 15

    /// What a run's model makes of its features; nil when it has no model that says so.
    private static func featureWeights(_ run: RunSummary, _ store: RunStore) throws(TrainingError) -> FeatureWeights? {
        try Model.load(fromFolder: store.workspace.artifactFolder(of: run.record.id.text))?.featureWeights()
    }

    /// The largest coefficients or importances of a run's model, with a title; empty where there are none.
    static func weights(_ run: RunSummary, store: RunStore) -> String {
        do throws(TrainingError) {
            guard let found = try featureWeights(run, store), !found.rows.isEmpty else { return "" }
            let shown = found.rows.filter { $0.value != 0 }.prefix(weightLimit), zeros = found.rows.count { $0.value == 0 }
            let more =
                (found.rows.count - zeros > shown.count ? ", the largest \(shown.count) of \(found.rows.count)" : "")
                + (zeros > 0 ? ", \(zeros) of \(found.rows.count) are 0" : "")
            let hasClasses = found.rows.contains { $0.className != nil }
            let names = { (row: FeatureWeights.Row) in
                ["  \(row.feature)"] + (hasClasses ? [row.className ?? ""] : [])
            }
            let header = ["  feature"] + (hasClasses ? ["class"] : [])
            let number = { (value: Double) in NumberFormat.significant(value) }
            switch found.kind {
            case .coefficients:
                // Indicators and words have no deviation that they were divided by.
                let rows = shown.map { names($0) + [$0.isScaled ? number($0.value) : "–", $0.perUnit.map(number) ?? ""] }
                let favour = found.favoured.map { ", where positive ones favour \($0)" } ?? ""
                return "\n\(found.kind.title)\(favour)\(more)\n"
                    + table([header + ["per deviation", "per unit"]] + rows, rightAligned: [header.count, header.count + 1])
            case .gain:
                return "\n\(found.kind.title)\(more)\n"
                    + table([header + ["gain"]] + shown.map { names($0) + [number($0.value)] }, rightAligned: [header.count])
            }
        } catch { return "\nFeatures\n  \(error.description.printable)\n" }
    }

    /// The same for programs, all of them: `"featureWeights":{"kind":…,"rows":[{"feature":…,"value":…},…]}`.
    static func weightMembers(_ run: RunSummary, store: RunStore) -> [JSONValue.Member] {
        do throws(TrainingError) {
            guard let found = try featureWeights(run, store) else { return [] }
            return [.init("featureWeights", found.json)]
        } catch { return [.init("featureWeightsProblem", .string(error.description))] }
    }
}
