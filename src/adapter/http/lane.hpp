#pragma once
// Lane: one I/O thread's world. Everything in it except `io` itself is touched by that thread only.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>

#include <memory>
#include <optional>
#include <unordered_set>

namespace recoup::http {

namespace asio = boost::asio;

// The concrete executor instead of any_io_executor: no type erasure on the hot path.
using Executor = asio::io_context::executor_type;
using Stream = boost::beast::basic_stream<asio::ip::tcp, Executor>;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using UseTask = asio::use_awaitable_t<Executor>;
inline constexpr UseTask use_task{};
template <class T>
using Task = asio::awaitable<T, Executor>;

class Connection;

/// Shared, because an answer that comes after the server stopped still posts to `io`.
struct Lane {
    std::unordered_set<Connection*> connections;  // before io: coroutines destroyed with io still leave it
    asio::io_context io{1};
    asio::executor_work_guard<Executor> work{io.get_executor()};
    std::optional<Acceptor> acceptor;
};

}  // namespace recoup::http
