import Actions
import CheckedNumbers
import Clocks
import Databases
import Events
import Experiments
import Synchronization

/// The notices of a workspace on their way: one try after the other, a courier a channel.
// SAFETY: used by the desk's thread alone, but for the flag that couriers look at.
final class NoticePost: @unchecked Sendable {
    /// How far notices are.
    struct Standing: Sendable {
        var sendingCount = 0
        /// Those that wait for this process, or for any.
        var waitingCount = 0
        /// When the next one is due.
        /// - Units: seconds since 1970.
        var nextTime: Double?
    }

    /// What came of a try.
    struct Result: Sendable {
        var notices: [PendingNotice]
        var channel: Channel
        var fault: DeliveryFault?
    }

    private let workspace: Workspace
    private let store: OwnStore
    private let sender: NoticeSender
    private let bus: EventBus
    private let onResult: @Sendable (Result) -> Void
    private var couriers: [String: WorkLane] = [:]
    /// Whether there may be rows to look at.
    private var lastLook = -Double.infinity
    private var mayHaveOpen = true
    private let isCancelled = Atomic(false)
    /// What is wrong with the list of actions, once told.
    private var problem: String?
    private(set) var standing = Standing()
    private var busy: Set<String> = [] {
        didSet { standing.sendingCount = busy.count }
    }

    init(_ workspace: Workspace, _ sender: NoticeSender, bus: EventBus, onResult: @escaping @Sendable (Result) -> Void) {
        (self.workspace, self.sender, self.bus, self.onResult) = (workspace, sender, bus, onResult)
        store = OwnStore(workspace)
    }

    /// Has somebody told of a change, once.
    func add(_ change: StateChange, channel: String, command: String = "") {
        let place = command.isEmpty ? channel : "command \(command)"
        let notice = PendingNotice(
            id: Notice.id(of: change, on: place), channel: channel, command: command, change: change, at: WallClock.now())
        do throws(StoreError) { if try store.get().add(notice) { mayHaveOpen = true } } catch {
            tell([notice], .failed, "\(channel) is not told: \(error.description)")
        }
    }

    /// Sends what is due.
    func dispatch() -> Standing {
        let now = WallClock.now()
        guard mayHaveOpen || !busy.isEmpty || now - lastLook > Self.lookInterval || now < lastLook else { return standing }
        lastLook = now
        do throws(StoreError) {
            let open = try store.get().openNotices()
            // What others look at is looked at once a minute.
            mayHaveOpen = open.contains { !$0.isLeft }
            (standing.waitingCount, standing.nextTime) = (open.count, nil)
            guard !open.isEmpty else { return standing }
            let list = actions()
            // A list with a slip in it says nothing of its channels: what is open waits for a better one.
            guard problem == nil else { return standing }
            let groups = Dictionary(grouping: open) { $0.command.isEmpty ? $0.channel : "command \($0.command)" }
            for (place, notices) in groups.sorted(by: { $0.key < $1.key }) where !busy.contains(place) {
                try dispatch(notices, at: place, list, now)
            }
            let waiting = try store.get().openNotices().filter { !$0.isLeft && $0.state == .waiting }
            standing.nextTime = waiting.map(\.notBefore).min()
        } catch {
            standing.nextTime = now + Self.lookInterval
        }
        return standing
    }

    private static let lookInterval = 60.0

    /// The workspace's list as it stands now; what cannot be read is told once, and is as if it were not there.
    func actions() -> ActionList {
        do throws(CommandError) {
            let list = try ActionFile.list(of: workspace)
            problem = nil
            return list
        } catch {
            if problem != error.description { bus.post(.notice(.commandFailed(message: error.description)), run: nil) }
            problem = error.description
            return ActionList()
        }
    }

    /// Sends the next of a channel, or has it wait.
    private func dispatch(_ notices: [PendingNotice], at place: String, _ list: ActionList, _ now: Double) throws(StoreError) {
        let first = notices[0]
        let channel = first.command.isEmpty ? list.channel(named: first.channel) : Channel(first.channel, .command(first.command))
        guard let channel else {
            try end(notices, .failed, "there is no channel \(first.channel) any more")
            return
        }
        let tired = notices.filter { now - $0.createdAt > RetryTimes.giveUpAfter && $0.failures > 0 }
        if !tired.isEmpty { try end(tired, .failed, "\(channel.title) is given up after a day") }
        let due = notices.filter { $0.notBefore <= now && !tired.contains($0) }
        guard let oldest = due.first else { return }
        // Another process's secrets may be none of this one's.
        if oldest.isLeft, !hasSecrets(channel) { return }
        if let end = channel.quiet?.end(at: now) { return try hold(due, until: end, "quiet", channel) }
        let times = try store.get().noticeTimes(of: first.channel, since: now - channel.limit.seconds)
        if let next = channel.limit.next(after: times, at: now) { return try hold(due, until: next, "limit", channel) }
        let held = due.filter(\.isHeld)
        let together = held.count > 1 && oldest.isHeld ? held : [oldest]
        let ids = together.map(\.id)
        let notice = Notice(id: ids.count == 1 ? ids[0] : Notice.id(ofSummary: ids), together.map(\.change))
        guard try store.get().take(ids, as: notice.id) else { return }
        send(notice, together, by: channel, at: place)
    }

    private func send(_ notice: Notice, _ notices: [PendingNotice], by channel: Channel, at place: String) {
        do {
            let courier = try couriers[place] ?? WorkLane(name: "to \(channel.name)") { _ in }
            couriers[place] = courier
            busy.insert(place)
            courier.add { [sender, onResult, weak self] in
                var fault: DeliveryFault?
                do throws(DeliveryFault) {
                    try sender.send(notice, by: channel) { self?.isCancelled.load(ordering: .relaxed) ?? true }
                } catch { fault = error }
                onResult(Result(notices: notices, channel: channel, fault: fault))
            }
        } catch {
            onResult(Result(notices: notices, channel: channel, fault: DeliveryFault("\(error)", isPassing: true)))
        }
    }

    private func hold(_ notices: [PendingNotice], until time: Double, _ why: String, _ channel: Channel) throws(StoreError) {
        try store.get().postpone(notices: notices.map(\.id), until: time, isHeld: true)
        let new = notices.filter { !$0.isHeld }
        tell(new, .held, "\(channel.title) is held back until \(LocalTime.short(time)) (\(why))")
    }

    /// Takes what came of a try.
    func conclude(_ result: Result) {
        let (notices, channel) = (result.notices, result.channel)
        busy.remove(notices[0].command.isEmpty ? notices[0].channel : "command \(notices[0].command)")
        mayHaveOpen = true
        do throws(StoreError) {
            let failures = (notices.map(\.failures).max() ?? 0) + 1
            guard let fault = result.fault else {
                try end(notices, .sent, Self.words(channel, notices.count))
                return
            }
            if isCancelled.load(ordering: .relaxed), fault.isPassing {
                try store.get().postpone(notices: notices.map(\.id), until: WallClock.now())
            } else if fault.isPassing {
                let wait = RetryTimes.wait(
                    afterFailures: failures, asked: fault.retryAfter, jitter: Double.random(in: 0...1))
                try store.get().postpone(notices: notices.map(\.id), until: WallClock.now() + wait, hasFailed: true)
                guard failures == 1 else { return }
                tell(
                    notices, .retrying, "\(channel.title) failed (\(fault.message)): tried again in \(Int(nearestWithin: wait)) s"
                )
            } else {
                try end(notices, .failed, "\(channel.title) failed\(failures > 1 ? " \(failures) times" : ""): \(fault.message)")
            }
        } catch {
            bus.post(.notice(.commandFailed(message: "what became of a notice is not noted: \(error.description)")), run: nil)
        }
    }

    private static func words(_ channel: Channel, _ count: Int) -> String {
        let said =
            switch channel.kind {
            case .bell: "bell rung"
            case .desktop: "desktop notification shown"
            case .command where channel.name == "command": "command ran"
            case .command: "command \(channel.name) ran"
            case .file: "\(channel.title) written"
            case .webhook, .mail, .sns: "\(channel.title) sent"
            }
        return said + (count > 1 ? " (\(count) in one)" : "")
    }

    private func end(_ notices: [PendingNotice], _ state: PendingNotice.State, _ message: String) throws(StoreError) {
        try store.get().end(notices: notices.map(\.id), as: state, at: WallClock.now())
        tell(notices, state == .sent ? .done : .failed, message)
    }

    /// Tells each run once.
    private func tell(_ notices: [PendingNotice], _ outcome: ActionTaken.Outcome, _ message: String) {
        let alarms = notices.filter { $0.change.kind == .alarm }
        // No run has them in its log.
        if let first = alarms.first, outcome == .failed || outcome == .retrying {
            bus.post(.notice(.commandFailed(message: "alarm \(first.change.name): \(message)")), run: nil)
        }
        var told: Set<AlertReference> = []
        for notice in notices where notice.change.kind == .rule {
            let alert = AlertReference(run: notice.change.run, rule: notice.change.name)
            guard told.insert(alert).inserted else { continue }
            let word = notice.command.isEmpty ? "notify" : "command"
            let taken = ActionTaken(
                action: word, subject: notice.change.name, channel: notice.channel, outcome: outcome, message: message)
            bus.post(.action(.taken(taken)), run: notice.change.run)
        }
    }

    private func hasSecrets(_ channel: Channel) -> Bool {
        for secret in channel.secrets {
            do throws(DeliveryFault) { _ = try secret.read(sender.surroundings) } catch { return false }
        }
        return true
    }

    /// Has couriers leave what takes long. May be called from any thread.
    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// Ends the couriers, which have nothing left to do.
    func close() { for courier in couriers.values { courier.close() } }
}
