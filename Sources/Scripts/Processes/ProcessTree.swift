import Glibc

/// The processes below one, found anew each time it is asked.
///
/// - Source: Linux, Documentation/filesystems/proc.rst.
package enum ProcessTree {
    /// Every process below one, parents before their children; zombies among them.
    package static func descendants(of root: pid_t) -> [pid_t] {
        var found: [pid_t] = []
        var seen: Set<pid_t> = [root]
        var parents: [pid_t: [pid_t]]?
        var waiting = [root]
        while let process = waiting.popLast() {
            let children: [pid_t]
            if let listed = listedChildren(of: process) {
                children = listed
            } else {
                // The kernel does not list children: everybody's parent is looked at, once.
                let table = parents ?? childrenByParent()
                parents = table
                children = table[process] ?? []
            }
            for child in children where seen.insert(child).inserted {
                found.append(child)
                waiting.append(child)
            }
        }
        return found
    }

    /// Processes whose environment had a line when they were started, whatever became of their parents.
    package static func processes(with line: String) -> [pid_t] {
        let wanted = Array(line.utf8)
        return all().filter { process in
            guard let bytes = contents("/proc/\(process)/environ", atMost: 1 << 20) else { return false }
            return bytes.split(separator: 0).contains { $0.elementsEqual(wanted) }
        }
    }

    /// Processes in whose environment a variable was set when they were started, with its value.
    static func processes(naming variable: String) -> [(process: pid_t, value: String)] {
        let beginning = Array("\(variable)=".utf8)
        return all().compactMap { process in
            let bytes = contents("/proc/\(process)/environ", atMost: 1 << 20) ?? []
            guard let line = bytes.split(separator: 0).first(where: { $0.starts(with: beginning) }) else { return nil }
            return (process, String(decoding: line.dropFirst(beginning.count), as: UTF8.self))
        }
    }

    /// nil where the kernel does not say.
    private static func listedChildren(of process: pid_t) -> [pid_t]? {
        let folder = "/proc/\(process)/task"
        guard let threads = numbers(in: folder) else { return [] }
        var children: [pid_t] = []
        for thread in threads {
            guard let bytes = contents("\(folder)/\(thread)/children", atMost: 1 << 20) else {
                if access("\(folder)/\(thread)", F_OK) == 0 { return nil }
                continue
            }
            children += String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
        }
        return children
    }

    private static func childrenByParent() -> [pid_t: [pid_t]] {
        var table: [pid_t: [pid_t]] = [:]
        for process in all() { if let parent = status(of: process)?.parent { table[parent, default: []].append(process) } }
        return table
    }

    private static func all() -> [pid_t] { numbers(in: "/proc") ?? [] }

    /// What a process is and has used.
    struct Status {
        var parent: pid_t
        /// Processor time of itself, and of its children that were waited for; in clock ticks.
        var ticks: Int, childTicks: Int
        var threads: Int
        /// Pages of its memory that are in the machine's.
        var residentPages: Int
    }

    static func status(of process: pid_t) -> Status? {
        guard let bytes = contents("/proc/\(process)/stat", atMost: 4096) else { return nil }
        // The name stands in parentheses and may hold anything, parentheses too.
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = String(decoding: bytes[(end + 1)...], as: UTF8.self).split(separator: " ")
        // state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime priority nice threads … rss
        guard fields.count > 21, let parent = pid_t(fields[1]), let user = Int(fields[11]), let system = Int(fields[12]),
            let childUser = Int(fields[13]), let childSystem = Int(fields[14]), let threads = Int(fields[17]),
            let pages = Int(fields[21])
        else { return nil }
        return Status(
            parent: parent, ticks: user + system, childTicks: childUser + childSystem, threads: threads, residentPages: pages)
    }

    private static func numbers(in folder: String) -> [pid_t]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var found: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = pid_t(name) { found.append(number) }
        }
        return found
    }

    static func contents(_ path: String, atMost limit: Int) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { return count < 0 && bytes.isEmpty ? nil : bytes }
            bytes += buffer.prefix(count)
        }
        return bytes
    }
}
