import Events
import Glibc
import JSON
import TemporaryFolders
import Testing

@testable import Hosting

/// The lock and the socket by which a workspace's host is found.
@Suite struct HostProcessTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    @Test func oneHoldsTheLockAndOthersSeeWho() throws {
        #expect(HostLock.holder(scratch.path) == nil)
        var lock = try HostLock(scratch.path)
        #expect(lock != nil)
        #expect(HostLock.holder(scratch.path)?.processID == getpid())
        #expect(try HostLock(scratch.path) == nil)
        // Who only asked has taken nothing away.
        #expect(HostLock.holder(scratch.path)?.processID == getpid())
        withExtendedLifetime(lock) {}
        lock = nil
        #expect(HostLock.holder(scratch.path) == nil)
        #expect(try HostLock(scratch.path) != nil)
    }

    @Test func theSocketAnswersItsUserAloneHoweverLongThePathIs() throws {
        let folder = scratch.path + "/" + String(repeating: "long-", count: 40)
        mkdir(folder, 0o700)
        let link = HostLink(folder)
        #expect(link.ask("status") == nil)
        let socket = try HostSocket(folder) { asked in .object(["asked": asked["request"]]) }
        #expect(link.ask("status")?["asked"]?.string == "status")
        var status = stat()
        #expect(stat(folder + "/host.sock", &status) == 0 && status.st_mode & 0o777 == 0o600)
        // Garbage and silence hold it up for no longer than the time given to them.
        #expect(link.ask("again")?["asked"]?.string == "again")
        socket.close()
        #expect(link.ask("status") == nil && access(folder + "/host.sock", F_OK) != 0)
    }

    @Test func aSocketLeftByAKilledHostIsReplaced() throws {
        let first = try HostSocket(scratch.path) { _ in .null }
        let second = try HostSocket(scratch.path) { _ in .object(["is": .string("second")]) }
        #expect(HostLink(scratch.path).ask("x")?["is"]?.string == "second")
        second.close()
        first.close()
    }

    @Test func aScriptsEnvironmentIsKeptForItsUserAlone() throws {
        let run = RunID("abcdefgh")
        try QueuedEnvironment.write(["TOKEN": "a=b\n\"c\"", "EMPTY": ""], of: run, in: scratch.path)
        #expect(QueuedEnvironment.read(run, in: scratch.path) == ["TOKEN": "a=b\n\"c\"", "EMPTY": ""])
        var status = stat()
        #expect(stat(scratch.path + "/queue/abcdefgh.environment", &status) == 0 && status.st_mode & 0o777 == 0o600)
        // It is written before its run is in the queue: a host that looks in between leaves it.
        QueuedEnvironment.keep([], in: scratch.path)
        #expect(QueuedEnvironment.read(run, in: scratch.path) != nil)
        var times = [timespec(tv_sec: 1_000_000_000, tv_nsec: 0), timespec(tv_sec: 1_000_000_000, tv_nsec: 0)]
        utimensat(AT_FDCWD, scratch.path + "/queue/abcdefgh.environment", &times, 0)
        QueuedEnvironment.keep([run], in: scratch.path)
        #expect(QueuedEnvironment.read(run, in: scratch.path) != nil)
        QueuedEnvironment.keep([], in: scratch.path)
        #expect(QueuedEnvironment.read(run, in: scratch.path) == nil)
    }

    @Test func aHostThatTakesNoCallsHoldsNobodyUp() throws {
        let address = try HostAddress(scratch.path)
        let deaf = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        try #require(address.call(bind, deaf) == 0 && listen(deaf, 0) == 0)
        defer {
            close(deaf)
            address.close()
        }
        // More than its backlog takes: the first are connected and never answered, the others are not connected.
        for _ in 0..<3 { #expect(HostLink(scratch.path).ask("status") == nil) }
    }

    @Test func whoHoldsALockIsKnownByMoreThanANumber() throws {
        let lock = try #require(try HostLock(scratch.path))
        #expect(HostLock.isHeld(by: getpid(), in: scratch.path))
        #expect(!HostLock.isHeld(by: getppid(), in: scratch.path) && !HostLock.isHeld(by: 0, in: scratch.path))
        lock.say(hasSocket: false, isEnding: true)
        let holder = try #require(HostLock.holder(scratch.path))
        #expect(!holder.hasSocket && holder.isEnding && holder.processID == getpid())
    }

    @Test func whoWasKilledIsEndingAndWhoLivesIsNot() {
        var process: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("60"), nil]
        defer { words.forEach { free($0) } }
        #expect(posix_spawnp(&process, "sleep", nil, nil, &words, environ) == 0)
        #expect(!HostLock.isKilled(process) && !HostLock.isKilled(getpid()) && !HostLock.isKilled(0))
        kill(process, SIGKILL)
        // It is not waited for, so that it stays.
        #expect(HostLock.isKilled(process))
        waitpid(process, nil, 0)
        #expect(!HostLock.isKilled(process))
    }
}
