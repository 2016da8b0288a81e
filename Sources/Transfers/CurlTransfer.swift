import CCurl
import CheckedNumbers
import Glibc

/// One transfer by libcurl: its settings, what it sends, and what comes. Used from one thread.
final class CurlTransfer {
    private let library: CurlLibrary
    private let handle: UnsafeMutableRawPointer
    private var lists: [UnsafeMutableRawPointer] = []
    /// What libcurl does not copy.
    private var kept: [UnsafeMutableRawPointer] = []
    private var flow = Flow()

    /// What comes and goes while it runs.
    final class Flow {
        var answer: [UInt8] = []
        /// Bytes of it that are kept.
        var mostAnswer = 1 << 16
        var headers: [String] = []
        /// What is still to be sent.
        var toSend: ArraySlice<UInt8> = []
        var isCancelled: () -> Bool = { false }
    }

    init() throws(TransferError) {
        library = try CurlLibrary.loaded.get()
        guard let handle = library.makeTransfer() else { throw TransferError(.failed, "there is no memory for a transfer") }
        self.handle = handle
        // Signals are the main thread's; other hosts and schemes are not gone to, whatever a server says.
        set(CX_CURLOPT_NOSIGNAL, 1)
        set(CX_CURLOPT_FOLLOWLOCATION, 0)
        set(CX_CURLOPT_PATH_AS_IS, 1)
        set(CX_CURLOPT_NOPROGRESS, 0)
        let context = Unmanaged.passUnretained(flow).toOpaque()
        for option in [CX_CURLOPT_WRITEDATA, CX_CURLOPT_HEADERDATA, CX_CURLOPT_READDATA, CX_CURLOPT_XFERINFODATA] {
            _ = cx_curl_set_pointer(library.set, handle, Int32(option), context)
        }
        setCallbacks()
    }

    deinit {
        library.freeTransfer(handle)
        lists.forEach { library.freeList($0) }
        for copy in kept {
            // It may be a password.
            explicit_bzero(copy, strlen(copy.assumingMemoryBound(to: CChar.self)))
            free(copy)
        }
    }

    func set(_ option: Int, _ value: Int) { _ = cx_curl_set_long(library.set, handle, Int32(option), value) }

    /// - Throws: for a text that has a NUL, which would end it early.
    func set(_ option: Int, _ text: String) throws(TransferError) {
        guard !text.utf8.contains(0), let copy = strdup(text) else {
            throw TransferError(.badRequest, "an address, a name or a password has a NUL in it")
        }
        kept.append(copy)
        let code = cx_curl_set_pointer(library.set, handle, Int32(option), copy)
        guard code == 0 else { throw TransferError(curl: code, library.text(of: code), reply: 0) }
    }

    /// Lines that are sent one by one: headers, or a mail's recipients.
    func set(_ option: Int, lines: [String]) throws(TransferError) {
        var list: UnsafeMutableRawPointer?
        for line in lines {
            guard !line.utf8.contains(where: { $0 == 0 || $0 == 13 || $0 == 10 }) else {
                throw TransferError(.badRequest, "a header or an address has a line break in it")
            }
            guard let next = library.append(list, line) else { throw TransferError(.failed, "there is no memory for a header") }
            list = next
        }
        guard let list else { return }
        lists.append(list)
        _ = cx_curl_set_pointer(library.set, handle, Int32(option), list)
    }

    /// Milliseconds until a connection stands, and until all is done.
    func set(connecting: Double, all: Double) {
        set(CX_CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(connecting))
        set(CX_CURLOPT_TIMEOUT_MS, Self.milliseconds(all))
    }

    /// Whole seconds without a byte after which it is given up as one that took too long.
    func set(stalling seconds: Double) {
        set(CX_CURLOPT_LOW_SPEED_LIMIT, 1)
        set(CX_CURLOPT_LOW_SPEED_TIME, max(1, Int(nearestWithin: seconds)))
    }

    func setSize(_ option: Int, _ count: Int) { _ = cx_curl_set_size(library.set, handle, Int32(option), Int64(count)) }

    /// A body that may hold any bytes.
    func setBody(_ bytes: [UInt8]) throws(TransferError) {
        // One more, so that it ends like a text for whoever clears it.
        guard let copy = calloc(bytes.count + 1, 1) else { throw TransferError(.failed, "there is no memory for a body") }
        copy.copyMemory(from: bytes, byteCount: bytes.count)
        kept.append(copy)
        _ = cx_curl_set_pointer(library.set, handle, Int32(CX_CURLOPT_POSTFIELDS), copy)
    }

    /// Sends, and returns the server's last reply code and what came.
    /// - Parameters:
    ///   - body: what is uploaded.
    ///   - isCancelled: asked about once a second, and when bytes move.
    /// How many bytes of the answer are kept.
    func keep(atMost count: Int) { flow.mostAnswer = count }

    func run(body: [UInt8] = [], unless isCancelled: @escaping () -> Bool) throws(TransferError) -> (reply: Int, Flow) {
        flow.toSend = body[...]
        flow.isCancelled = isCancelled
        let code = withExtendedLifetime(flow) { library.perform(handle) }
        var reply = 0
        _ = cx_curl_get_long(library.get, handle, Int32(CX_CURLINFO_RESPONSE_CODE), &reply)
        // 23: more came than is kept, which is no fault.
        guard code == 0 || code == 23 && reply > 0 else { throw TransferError(curl: code, library.text(of: code), reply: reply) }
        return (reply, flow)
    }

    private func setCallbacks() {
        _ = cx_curl_set_take(library.set, handle, Int32(CX_CURLOPT_WRITEFUNCTION)) { bytes, size, count, context in
            guard let bytes, let flow = CurlTransfer.flow(context) else { return 0 }
            let room = flow.mostAnswer - flow.answer.count
            flow.answer += UnsafeRawBufferPointer(start: bytes, count: min(size * count, room))
            return size * count <= room ? size * count : 0
        }
        _ = cx_curl_set_take(library.set, handle, Int32(CX_CURLOPT_HEADERFUNCTION)) { bytes, size, count, context in
            guard let bytes, let flow = CurlTransfer.flow(context) else { return 0 }
            if flow.headers.count < 100, size * count <= 8192 {
                flow.headers.append(String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self))
            }
            return size * count
        }
        _ = cx_curl_set_take(library.set, handle, Int32(CX_CURLOPT_READFUNCTION)) { bytes, size, count, context in
            guard let bytes, let flow = CurlTransfer.flow(context) else { return 0 }
            let part = flow.toSend.prefix(size * count)
            part.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: bytes, count: size * count).copyMemory(from: $0) }
            flow.toSend = flow.toSend.dropFirst(part.count)
            return part.count
        }
        _ = cx_curl_set_progress(library.set, handle, Int32(CX_CURLOPT_XFERINFOFUNCTION)) { context, _, _, _, _ in
            CurlTransfer.flow(context)?.isCancelled() == true ? 1 : 0
        }
    }

    private static func flow(_ context: UnsafeMutableRawPointer?) -> Flow? {
        context.map { Unmanaged<Flow>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func milliseconds(_ seconds: Double) -> Int { max(1, Int(nearestWithin: seconds * 1000)) }
}
