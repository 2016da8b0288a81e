import Databases
import Events
import Experiments
import JSON
import TemporaryFolders
import Testing

@testable import Remotes

/// Long curves over a line that carries one piece after the other.
@Suite struct OutlineTests {
    private let scratch: TemporaryFolder
    private let source: RunMirror
    private let mirror: RunMirror
    private let from: RunStore
    private let to: RunStore
    private let run = RunID("aaaa")

    init() throws {
        scratch = try TemporaryFolder()
        let there = try Workspace(path: scratch.path + "/there"), here = try Workspace(path: scratch.path + "/here")
        // What a mirror takes is written as what was trained there.
        (source, mirror) = (try RunMirror(there, place: "source"), try RunMirror(here, place: "one"))
        (from, to) = (try RunStore(there), try RunStore(here))
        let record = RunRecord(
            id: run, name: "x", experiment: "e", algorithm: "linear-learner",
            request: JobRequest(datasetPath: "/d.csv", target: "y", algorithm: "linear-learner"), hyperparameters: [:],
            objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "", gitRevision: nil,
            version: "0.1.0", createdAt: 1e9, processID: 4)
        try source.take([.run(RunSummary(record: record))])
        try mirror.take([.run(RunSummary(record: record))])
    }

    /// A falling curve with a spike and a value that is none.
    private func points(_ range: Range<Int>) -> [MetricPoint] {
        range.map { step in
            let value = step == 7_777 ? 99 : step == 12_345 ? .nan : 1 / Double(step + 1) + Double(step % 7) * 1e-3
            return MetricPoint(step: step, epoch: Double(step) / 128, wallTime: 1e9 + Double(step), value: value)
        }
    }

    private func train(_ range: Range<Int>) throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: WorkspaceNews.mostPoints) {
            let piece = points(start..<min(start + WorkspaceNews.mostPoints, range.upperBound))
            try source.take([.points(run, .trainLoss, from: start, piece)])
        }
    }

    private func reader() throws -> WorkspaceNewsReader {
        let reader = WorkspaceNewsReader(from, changedAfter: -1) { false }
        reader.want(run, .trainLoss, from: try mirror.end(of: run, .trainLoss))
        return reader
    }

    /// Has the next pieces told, as they come through the line.
    private func tell(_ reader: WorkspaceNewsReader) throws -> (news: [WorkspaceNews], hasMore: Bool) {
        var news: [WorkspaceNews] = []
        let hasMore = try reader.tellCurves { piece in
            let line = try JSONValue(parsing: piece.json.text)
            let read = try #require(WorkspaceNews(json: line))
            try mirror.take([read])
            news.append(read)
        }
        return (news, hasMore)
    }

    private func isSame(_ some: [MetricPoint], _ other: [MetricPoint]) -> Bool {
        some.count == other.count && zip(some, other).allSatisfy { $0.isSame(as: $1) }
    }

    @Test func aLongCurveIsSeenBeforeItIsHere() throws {
        try train(0..<20_000)
        let reader = try reader()
        let first = try tell(reader)
        guard case .outline(run, .trainLoss, let rough) = first.news.first else {
            Issue.record("\(first.news.first.debugDescription) came first")
            return
        }
        #expect(rough.count == 20_000 && rough.points.count <= 128)
        #expect(rough.points.first?.step == 0 && rough.points.last?.step == 19_999)
        // What stands out of it is there, and nothing that was not recorded.
        #expect(rough.points.contains { $0.value == 99 } && rough.points.contains { $0.value.isNaN })
        #expect(rough.points.allSatisfy { $0.isSame(as: points($0.step..<$0.step + 1)[0]) })
        #expect(zip(rough.points, rough.points.dropFirst()).allSatisfy { $0.step < $1.step })
        // A closer one follows, and then the points take its place from the left.
        for _ in 0..<3 { #expect(try tell(reader).hasMore) }
        let outline = try #require(try to.outline(of: run, .trainLoss))
        let here = try to.points(run: run, metric: .trainLoss)
        #expect(outline.points.count > 500 && outline.points.count <= CurveOutline.mostPoints)
        #expect(!here.isEmpty && here.count < 20_000)
        #expect(outline.points(of: .trainLoss, behind: here.last).first.map { $0.step >= here.count } ?? false)
        // What is here counts as what is here: a connection that breaks goes on behind it.
        #expect(try mirror.end(of: run, .trainLoss).count == here.count)
        let again = try self.reader()
        while try tell(again).hasMore {}
        #expect(isSame(try to.points(run: run, metric: .trainLoss), points(0..<20_000)))
        #expect(try to.outline(of: run, .trainLoss) == nil)
    }

    @Test func aShortCurveHasNoOutline() throws {
        try train(0..<3_000)
        let reader = try reader()
        var news: [WorkspaceNews] = []
        var hasMore = true
        while hasMore {
            let told = try tell(reader)
            news += told.news
            hasMore = told.hasMore
        }
        #expect(!news.contains { if case .outline = $0 { true } else { false } })
        #expect(isSame(try to.points(run: run, metric: .trainLoss), points(0..<3_000)))
    }

    @Test func aCurveThatBecameAnotherOneLosesItsOutline() throws {
        try train(0..<20_000)
        _ = try tell(try reader())
        #expect(try to.outline(of: run, .trainLoss) != nil)
        try source.take([.points(run, .trainLoss, from: 0, points(0..<10))])
        let again = try reader()
        while try tell(again).hasMore {}
        #expect(try to.outline(of: run, .trainLoss) == nil)
        #expect(try to.points(run: run, metric: .trainLoss).count == 10)
        #expect(try tell(again).news.isEmpty)
    }

    @Test func aCurveThatEndsInNoNumberIsToldOnce() throws {
        try train(0..<12_346)
        let reader = try reader()
        while try tell(reader).hasMore {}
        #expect(isSame(try to.points(run: run, metric: .trainLoss), points(0..<12_346)))
        #expect(try tell(reader).news.isEmpty)
        #expect(try tell(try self.reader()).news.isEmpty)
    }

    @Test func whatIsNoOutlineIsNotTaken() throws {
        let outline = CurveOutline(count: 5, points: points(0..<4))
        var members = try #require(WorkspaceNews.outline(run, .trainLoss, outline).json.members)
        #expect(WorkspaceNews(json: .object(members)) == .outline(run, .trainLoss, outline))
        for (name, value) in [("count", JSONValue.integer(3)), ("count", .integer(-1)), ("data", .string("AAAA"))] {
            let place = try #require(members.firstIndex { $0.name == name }), before = members[place]
            members[place] = .init(name, value)
            #expect(WorkspaceNews(json: .object(members)) == nil)
            members[place] = before
        }
    }
}
