import Cells
import CheckedNumbers
import Events

/// A run's profile as a picture: what each stretch of its time went into, and strips of what the machine did.
package struct ProfilePicture {
    package let profile: RunProfile

    package init(_ profile: RunProfile) { self.profile = profile }

    /// Seconds after the profile began, without pauses.
    package var timeline: StackedTimeline {
        var offset = 0.0
        let layers = shownParts
        let columns = profile.slices.map { slice in
            defer { offset += slice.seconds }
            return StackedTimeline.Column(from: offset, to: offset + slice.seconds, layers.map { slice.share(of: $0) })
        }
        return StackedTimeline(layers.map(Self.layer), columns)
    }

    /// Steps at the bottom, then what lies between them.
    private static let order: [StepPart] = [
        .update, .backward, .forward, .data, .evaluate, .checkpoint, .record, .other, .finish, .start,
    ]

    private var shownParts: [StepPart] { Self.order.filter { profile.spent[$0] ?? 0 > 0 } }

    private static func layer(_ part: StepPart) -> StackedTimeline.Layer {
        switch part {
        case .update: .init(part.title, .series1, glyph: "█", ascii: "U")
        case .backward: .init(part.title, .series2, glyph: "▓", ascii: "B")
        case .forward: .init(part.title, .series3, glyph: "▒", ascii: "F")
        case .data: .init(part.title, .bad, glyph: "╳", ascii: "w")
        case .evaluate: .init(part.title, .series4, glyph: "░", ascii: "j")
        case .checkpoint: .init(part.title, .series5, glyph: "▚", ascii: "c")
        case .record: .init(part.title, .series6, glyph: "┄", ascii: "r")
        case .other: .init(part.title, .muted, glyph: "·", ascii: ".")
        case .finish: .init(part.title, .series7, glyph: "╱", ascii: "f")
        case .start: .init(part.title, .series8, glyph: "╲", ascii: "s")
        }
    }

    static func role(of part: StepPart) -> ColorRole { layer(part).role }

    /// What the machine did in each slice, from 0 to 1, as far as it tells. Cores come one by one while there are few.
    package func strips(mostCores: Int = 8) -> [StackedTimeline.Strip] {
        let slices = profile.slices
        var strips: [StackedTimeline.Strip] = []
        func add(
            _ label: String, _ role: ColorRole, of whole: Double? = 100, note: ((Double) -> String)? = nil,
            _ value: (ProfileSlice) -> Double?
        ) {
            let values = slices.map { value($0) ?? .nan }
            let known = values.filter(\.isFinite)
            guard let most = known.max(), whole == nil || most > 0.5 else { return }
            let unit = whole ?? max(most, .leastNormalMagnitude)
            strips.append(
                .init(label, role, values.map { $0 / unit }, note: note?(most) ?? NumberFormat.fixed(most, decimals: 0) + " %"))
        }
        let cores = slices.map(\.machine.cores.count).max() ?? 0
        if cores <= mostCores {
            for index in 0..<cores {
                add("core \(index)", .muted) { $0.machine.cores.indices.contains(index) ? $0.machine.cores[index] : nil }
            }
        } else {
            add("\(cores) cores", .muted) {
                $0.machine.corePercent
            }
        }
        for index in 0..<(slices.map(\.machine.graphics.count).max() ?? 0) {
            add("GPU \(index)", .series2) {
                $0.machine.graphics(at: index)?.percent
            }
            add("its memory", .series2) {
                $0.machine.graphics(at: index)?.memoryPercent
            }
        }
        add("no core free", .warning) { $0.machine.queuedPercent.map { min(100, $0) } }
        add("disk", .warning) { $0.machine.diskPercent }
        add("held back", .bad) { $0.machine.throttledPercent }
        add("memory", .series5, of: nil, note: { NumberFormat.bytes(Int(nearestWithin: $0)) }) {
            $0.machine.memoryBytes.map(Double.init)
        }
        add("loaders", .series2, of: nil, note: { NumberFormat.grouped(Int(nearestWithin: $0)) }) {
            $0.machine.loaders.map(Double.init)
        }
        add("steps a second", .series3, of: nil, note: { NumberFormat.compact($0) }) {
            $0.stepCount > 0 && $0.seconds > 0 ? Double($0.stepCount) / $0.seconds : nil
        }
        add("longest step", .series6, of: nil, note: { NumberFormat.duration($0) }) { $0.slowest.first?.seconds }
        return strips
    }
}
