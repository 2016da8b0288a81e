import CMicroHTTPD
import Clocks
import Synchronization

// What the library calls, all of it on the network's thread.
extension HTTPServer {
    /// Beyond the limit some are let in to be told why they are not served.
    var accepts: Bool { connections.count < limits.connections + limits.toldConnections }

    func noticed(_ connection: OpaquePointer?, _ context: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: Int32) {
        guard let context else { return }
        if code == Int32(CX_MHD_CONNECTION_NOTIFY_STARTED) {
            let made = HTTPConnection(
                socket: cx_mhd_socket(library.info, connection), isBeyond: connections.count >= limits.connections,
                isEncrypted: isEncrypted)
            connections.add(made)
            context.pointee = Unmanaged.passRetained(made).toOpaque()
        } else if let known = context.pointee {
            connections.remove(Unmanaged<HTTPConnection>.fromOpaque(known).takeRetainedValue())
            context.pointee = nil
        }
    }

    /// A request's first line is there.
    func began(_ uri: UnsafePointer<CChar>?, _ connection: OpaquePointer?) -> UnsafeMutableRawPointer? {
        activeExchanges.add(1, ordering: .relaxed)
        let exchange = HTTPExchange(uri: uri.map { String(cString: $0) } ?? "")
        if !limits.hasRoom(forArgumentsOf: exchange.uri) {
            cx_mhd_socket_context(library.info, connection).map {
                Unmanaged<HTTPConnection>.fromOpaque($0).takeUnretainedValue().refuseAddress()
            }
        }
        return Unmanaged.passRetained(exchange).toOpaque()
    }

    /// A request has ended, in whatever way.
    func ended(
        _ connection: OpaquePointer?, _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: Int32
    ) {
        client(of: connection)?.enter(.head, at: SteadyClock.nanoseconds())
        guard let known = request?.pointee else { return }
        request?.pointee = nil
        let exchange = Unmanaged<HTTPExchange>.fromOpaque(known).takeRetainedValue()
        heldBytes.subtract(exchange.heldBytes, ordering: .relaxed)
        activeExchanges.subtract(1, ordering: .releasing)
        onEnd(
            AccessRecord(
                method: exchange.request?.method ?? "", path: exchange.request?.path ?? exchange.uri,
                status: exchange.answered?.status ?? 0, requestBytes: exchange.bodyCount,
                answerBytes: exchange.answered?.bytes ?? 0,
                nanoseconds: SteadyClock.nanoseconds() - exchange.receivedAt,
                isWhole: code == Int32(CX_MHD_REQUEST_TERMINATED_COMPLETED_OK), subject: exchange.subject))
        exchange.afterwards?()
    }

    private func client(of connection: OpaquePointer?) -> HTTPConnection? {
        cx_mhd_socket_context(library.info, connection).map { Unmanaged<HTTPConnection>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Called when the head is there, for each piece of the body, and when all is there or an answer is.
    /// - Returns: 1, or 0 to have the connection closed.
    func heard(
        _ connection: OpaquePointer?, _ method: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
        _ size: UnsafeMutablePointer<Int>?, _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Int32 {
        guard let connection, let size, let known = request?.pointee else { return 0 }
        let exchange = Unmanaged<HTTPExchange>.fromOpaque(known).takeUnretainedValue()
        let client = client(of: connection)
        if exchange.request == nil {
            var head = HTTPExchange.head(exchange.uri, method, connection, library)
            head.receivedAt = exchange.receivedAt
            exchange.request = head
            client?.enter(.body, at: exchange.receivedAt)
            return begin(head, exchange, connection, client)
        }
        if size.pointee > 0 {
            let isTaken = take(upload, size.pointee, exchange)
            size.pointee = 0
            return isTaken ? 1 : 0
        }
        if let early = exchange.early { return send(early, exchange, connection, client) }
        if let answer = exchange.answer.withLock({ $0 }) { return send(answer, exchange, connection, client) }
        return dispatch(exchange, connection, client)
    }

    // MARK: - Steps

    private func begin(
        _ head: HTTPRequest, _ exchange: HTTPExchange, _ connection: OpaquePointer, _ client: HTTPConnection?
    ) -> Int32 {
        let length = head.length
        if length == .contradictory {
            var answer = HTTPResponse.plain(400, "the length of the body is said twice, or is no number")
            answer.closes = true
            return send(answer, exchange, connection, client)
        }
        var early: HTTPResponse?
        if client?.isBeyond == true {
            early = .busy("too many connections (\(limits.connections)): try again")
            early?.closes = true
        } else if case .bytes(let count) = length, count > limits.bodyBytes {
            early = .tooLarge(limits.bodyBytes)
        } else {
            early = handler.refusal(of: head)
        }
        guard let early else {
            if case .bytes(let count) = length, count > 0 {
                if hold(count, for: exchange) { exchange.request?.body.reserveCapacity(count) }
            }
            return 1
        }
        // An answer before the body is there ends the connection. Who asks before writing is told at once all the same; who writes
        // before reading would miss it.
        var isShort = true
        if case .bytes(let count) = length { isShort = count <= limits.bodyBytes * limits.patience }
        guard isShort, head.header("expect") == nil else { return send(early, exchange, connection, client) }
        exchange.early = early
        return 1
    }

    /// - Returns: whether there is room for a body; where not, its refusal is noted.
    private func hold(_ count: Int, for exchange: HTTPExchange) -> Bool {
        let total = heldBytes.add(count, ordering: .relaxed).newValue
        exchange.heldBytes += count
        guard total > limits.heldBytes else { return true }
        refuse(exchange, .busy("too many large requests at one time: try again"))
        return false
    }

    private func refuse(_ exchange: HTTPExchange, _ response: HTTPResponse) {
        exchange.early = response
        exchange.request?.body = []
        heldBytes.subtract(exchange.heldBytes, ordering: .relaxed)
        exchange.heldBytes = 0
    }

    /// - Returns: whether more may come: an endless body is not read to its end, which it does not have.
    private func take(_ upload: UnsafePointer<CChar>?, _ count: Int, _ exchange: HTTPExchange) -> Bool {
        exchange.bodyCount += count
        if exchange.early != nil { return exchange.bodyCount <= limits.bodyBytes * limits.patience }
        if exchange.bodyCount > limits.bodyBytes {
            refuse(exchange, .tooLarge(limits.bodyBytes))
        } else if exchange.bodyCount <= exchange.heldBytes || hold(exchange.bodyCount - exchange.heldBytes, for: exchange) {
            exchange.request?.body.append(contentsOf: UnsafeRawBufferPointer(start: upload, count: count))
        }
        return true
    }

    private func dispatch(_ exchange: HTTPExchange, _ connection: OpaquePointer, _ client: HTTPConnection?) -> Int32 {
        guard let request = exchange.request else { return 0 }
        client?.enter(.answering, at: SteadyClock.nanoseconds())
        if handler.isQuick(request) { return send(handler.answer(request), exchange, connection, client) }
        // Before the worker knows of it: it must not be resumed before it is suspended.
        library.suspend(connection)
        if !jobs.add(Job(connection: connection, exchange: exchange, request: request)) {
            exchange.answer.withLock { $0 = .busy("too many requests wait (\(limits.waiting)): try again") }
            library.resume(connection)
        }
        return 1
    }

    private func send(
        _ answer: HTTPResponse, _ exchange: HTTPExchange, _ connection: OpaquePointer, _ client: HTTPConnection?
    ) -> Int32 {
        client?.enter(.sending, at: SteadyClock.nanoseconds())
        (exchange.subject, exchange.afterwards) = (answer.record, answer.afterwards)
        exchange.request?.body = []
        var body = answer.body
        let made = body.withUnsafeMutableBytes {
            library.makeResponse($0.count, $0.baseAddress, Int32(CX_MHD_RESPMEM_MUST_COPY))
        }
        guard let made else { return 0 }
        defer { library.destroy(made) }
        for header in answer.headers { _ = library.addHeader(made, header.name, header.value) }
        if answer.closes || isEnding.load(ordering: .relaxed) { _ = library.addHeader(made, "Connection", "close") }
        exchange.answered = (answer.status, answer.body.count)
        return library.queue(connection, UInt32(truncatingIfNeeded: answer.status), made)
    }
}

extension HTTPResponse {
    /// A line of text.
    static func plain(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status, [("Content-Type", "text/plain; charset=utf-8")], body: Array((text + "\n").utf8))
    }

    static func busy(_ message: String) -> HTTPResponse {
        var answer = ServiceError(.serviceUnavailable, message).response
        answer.headers.append(("Retry-After", "1"))
        return answer
    }

    static func tooLarge(_ limit: Int) -> HTTPResponse {
        var answer = ServiceError(.validation, "the body is larger than \(limit) bytes: send fewer rows at a time").response
        answer.status = 413
        return answer
    }
}
