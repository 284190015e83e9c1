#pragma once
// What Asio calls things, for one I/O thread: the concrete executor instead of any_io_executor, so that the hot path has no type
// erasure.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace recoup::http {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Ticks = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Ticks, asio::wait_traits<Ticks>, Executor>;
using UseTask = asio::use_awaitable_t<Executor>;
inline constexpr UseTask use_task{};
template <class T>
using Task = asio::awaitable<T, Executor>;

}  // namespace recoup::http
