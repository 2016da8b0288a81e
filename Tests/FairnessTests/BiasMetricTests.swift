import Fairness
import Foundation
import JSON
import Numerics
import Testing

/// Metrics of smclarify, aif360 and fairlearn: Files/make_bias.py.
struct BiasCase: CustomTestStringConvertible {
    var name: String
    var json: JSONValue

    var testDescription: String { name }

    static let all: [BiasCase] = {
        guard let url = Bundle.module.url(forResource: "bias", withExtension: "json", subdirectory: "Files"),
            let text = try? String(contentsOf: url, encoding: .utf8), let json = try? JSONValue(parsing: text)
        else { return [] }
        return (json["cases"]?.array ?? []).map { BiasCase(name: $0["name"]?.string ?? "", json: $0) }
    }()

    var cells: BiasCells {
        var facet: [Bool] = [], labels: [Bool] = [], predicted: [Bool] = [], groups: [Int] = []
        for cell in json["cells"]?.array ?? [] {
            let values = (cell.array ?? []).compactMap(\.integer)
            for _ in 0..<values[4] {
                facet.append(values[0] == 1)
                labels.append(values[1] == 1)
                predicted.append(values[2] == 1)
                groups.append(values[3])
            }
        }
        return BiasCells(facet: facet, labels: labels, predicted: predicted, groups: groups)
    }
}

@Suite("Metrics of bias")
struct BiasMetricTests {
    @Test("the oracles' numbers are here")
    func cases() { #expect(BiasCase.all.count == 17) }

    @Test("each metric is smclarify's, where it is defined", arguments: BiasCase.all)
    func clarify(_ example: BiasCase) throws {
        let cells = example.cells
        for metric in BiasMetric.allCases where metric != .FT {
            let expected = try #require(example.json["smclarify"]?[metric.rawValue])
            let found = cells.value(metric, reading: .smclarify)
            guard let number = expected.double else {
                #expect(found.number == nil, "\(metric.rawValue) \(found)")
                continue
            }
            let mine = try #require(found.number, "\(metric.rawValue) \(found)")
            #expect(mine == number || abs(mine - number) < 1e-9, "\(metric.rawValue): \(mine), not \(number)")
        }
    }

    @Test("those that aif360 and fairlearn have, too, are theirs", arguments: BiasCase.all)
    func others(_ example: BiasCase) throws {
        for oracle in ["aif360", "fairlearn"] {
            for member in example.json[oracle]?.members ?? [] {
                let metric = try #require(BiasMetric(rawValue: member.name))
                // What is not defined is told in ways of their own.
                guard let number = member.value.double, number.isFinite, let mine = example.cells.value(metric).number,
                    mine.isFinite
                else { continue }
                #expect(abs(mine - number) < 1e-9, "\(oracle) \(metric.rawValue): \(mine), not \(number)")
            }
        }
    }

    @Test(
        "the flip test is smclarify's with its sign, and the guide's with the other",
        arguments: BiasCase.all.filter { $0.json["rows"] != nil })
    func flipTest(_ example: BiasCase) throws {
        let rows = (example.json["rows"]?.array ?? []).map { ($0.array ?? []).compactMap(\.integer) }
        let features = (example.json["features"]?.array ?? []).map { ($0.array ?? []).compactMap(\.double).map(Float.init) }
        let facet = rows.map { $0[0] == 1 }, predicted = rows.map { $0[1] == 1 }
        let flips = FlipTest.flips(Matrix(rows: features), facet: facet, predicted: predicted)
        let cells = BiasCells(facet: facet, labels: predicted, predicted: predicted, flips: flips)
        let expected = try #require(example.json["smclarify"]?["FT"]?.double)
        #expect(abs((cells.value(.FT, reading: .smclarify).number ?? .nan) - expected) < 1e-12)
        #expect(abs((cells.value(.FT).number ?? .nan) + expected) < 1e-12)
    }

    @Test("the guide's worked example")
    func worked() {
        let a = [0.2, 0.8], d = [0.7, 0.3]
        let expected: [(BiasMetric, Double)] = [(.KL, 0.5341), (.JS, 0.1325), (.LP, 0.7071), (.TVD, 0.5), (.KS, 0.5)]
        for (metric, number) in expected {
            #expect(abs((LabelDistance(metric).value(a, d).number ?? .nan) - number) < 5e-5)
        }
    }

    @Test("labels that one group alone has count, unless smclarify's reading is asked for")
    func union() {
        let a = [0.5, 0.5, 0], d = [0.5, 0, 0.5]
        #expect(LabelDistance(.TVD).value(a, d).number == 0.5)
        #expect(LabelDistance(.TVD).value(a, d, .smclarify).number == 0)
        #expect(LabelDistance(.KL).value(a, d).number == .infinity)
        #expect(LabelDistance(.KL).value([1, 0], [0, 1], .smclarify).number == nil)
    }

    @Test("intervals hold the value of the population in about 95 of 100 samples")
    func intervals() {
        var random = RandomSource(seed: 4), held: [BiasMetric: Int] = [:]
        let metrics: [BiasMetric] = [.DPL, .DI, .RD, .AD]
        // Of the facet 30 % have a positive label, of the others 50 %; predictions are right for 80 %.
        let truth: [BiasMetric: Double] = [.DPL: 0.2, .DI: (0.3 * 0.8 + 0.7 * 0.2) / 0.5, .RD: 0, .AD: 0]
        for sample in 0..<100 {
            var facet: [Bool] = [], labels: [Bool] = [], predicted: [Bool] = []
            for _ in 0..<400 {
                let isFacet = random.uniform() < 0.4, label = random.uniform() < (isFacet ? 0.3 : 0.5)
                facet.append(isFacet)
                labels.append(label)
                predicted.append(random.uniform() < 0.8 ? label : !label)
            }
            let found = BiasCells(facet: facet, labels: labels, predicted: predicted)
                .intervals(metrics, reading: .guide, seed: UInt64(sample))
            for metric in metrics { if found[metric]?.contains(truth[metric] ?? .nan) == true { held[metric, default: 0] += 1 } }
        }
        for metric in metrics { #expect((88...100).contains(held[metric] ?? 0), "\(metric.rawValue): \(held[metric] ?? 0)") }
    }
}
