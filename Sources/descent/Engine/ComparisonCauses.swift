import Events
import Experiments
import Explaining
import Tables
import Training

/// Why compared models disagree about rows.
enum ComparisonCauses {
    /// Rows that stand for absent columns, coalitions a row where a model has to be asked by samples, and columns told of each row.
    private static let backgroundRows = 50, samples = 400, most = 4

    /// Adds to each row that models disagree about which columns make them do so.
    /// - Returns: nil where nothing can be added: no rows, or models that cannot be asked.
    static func adding(
        to comparison: RunComparison, _ runs: [RunSummary], _ workspace: Workspace, isWanted: () -> Bool
    ) -> RunComparison? {
        guard let heldOut = comparison.heldOut, !heldOut.disagreements.isEmpty,
            heldOut.places.allSatisfy({ runs.indices.contains($0) })
        else { return nil }
        let asked = heldOut.places.map { runs[$0] }
        do {
            var explainers: [ModelExplainer] = [], tables: [Table] = []
            let request = asked[0].record.request, path = request.validationPath ?? request.datasetPath
            for run in asked {
                guard let model = try Model.load(fromFolder: workspace.artifactFolder(of: run.record.id.text)) else { return nil }
                let options = try ReadOptions(run.record.request.reading)
                let table = try model.readPrepared(path, options: request.validationPath == nil ? options : options.forOtherFiles)
                let background = try Background(
                    table, of: model, choice: .rows(backgroundRows), name: "the rows of \(path)")
                explainers.append(try ModelExplainer(model, background: background))
                tables.append(table)
                guard isWanted() else { return nil }
            }
            let rows = heldOut.disagreements.map { $0.record - 1 }
            guard rows.allSatisfy({ (0..<tables[0].rowCount).contains($0) }) else { return nil }
            let found = try ModelsBeside(explainers, tables).causes(of: rows, samples: samples, most: most, isWanted: isWanted)
            var result = comparison
            for (place, row) in found.rows.enumerated() {
                result.heldOut?.disagreements[place].causes = row.causes.map { .init($0.column, $0.values) }
            }
            return result
        } catch {
            // The comparison stands without it.
            return nil
        }
    }
}
