import Glibc
import Training

extension ProcessUse {
    /// What a process and all below it have used up to now, those too that ended and were waited for.
    init(ofTree root: pid_t) {
        self.init()
        var ticks = 0, pages = 0, count = 0, waited = 0.0
        for process in [root] + ProcessTree.descendants(of: root) {
            guard let status = ProcessTree.status(of: process) else { continue }
            ticks += status.ticks + status.childTicks
            pages += status.residentPages
            count += status.threads
            waited += Self.queuedSeconds(of: String(process)) ?? 0
            if let use = Self.diskUse(of: String(process)) {
                disk = ((disk?.read ?? 0) + use.read, (disk?.written ?? 0) + use.written)
            }
        }
        processorSeconds = Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
        residentBytes = pages * sysconf(Int32(_SC_PAGESIZE))
        (threads, queuedSeconds) = (count > 0 ? count : nil, waited)
    }
}

extension SystemReading {
    /// What a process and all below it have used up to now, and what the graphics processors do.
    package init(ofTree root: pid_t) {
        self.init(ProcessUse(ofTree: root))
        if let processors = GraphicsProcessors.ofMachine { graphics = processors.use }
    }
}
