// The C ABI between the C# classes and libtorch: any ATen operator by its schema name, boxed, plus the
// few things that are no operators. Compiles against libtorch 1.13 and 2.x, with and without CUDA.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <dlfcn.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/variable.h>

#include <cstring>
#include <optional>
#include <string>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))

namespace {

// One argument or result. The numbers are repeated in Interop/Value.cs.
enum Tag : int32_t { None, TensorTag, Int, Double, Bool, Ints, Tensors, OptionalTensors, GeneratorTag, Text, DeviceTag, Doubles, Default };

struct Value {
  int32_t tag;
  int32_t count; // length of a list, index of a device
  union {
    int64_t i;
    double d;
    const void* p;
  };
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<std::optional<c10::IValue>> defaults;
};

thread_local std::string last_error;

// libtorch's own optional: c10::optional in old releases, std::optional in new ones.
using MaybeTensor = decltype(std::declval<c10::IValue>().toOptional<at::Tensor>());

const at::Tensor& tensor(const void* handle) { return *static_cast<const at::Tensor*>(handle); }
void* own(at::Tensor value) { return new at::Tensor(std::move(value)); }

std::vector<at::Tensor> tensors(void* const* handles, int count) {
  std::vector<at::Tensor> list;
  list.reserve(count);
  for (int i = 0; i < count; i++) list.push_back(handles[i] ? tensor(handles[i]) : at::Tensor());
  return list;
}

template <class Body>
auto guarded(Body body, decltype(body()) failed) -> decltype(body()) {
  try {
    return body();
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  }
  return failed;
}

template <class Body>
int checked(Body body) {
  return guarded([&] { body(); return 0; }, -1);
}

c10::IValue to_ivalue(const Value& v, const Operator& op, size_t position) {
  switch (v.tag) {
    case None: return c10::IValue();
    case TensorTag: return tensor(v.p);
    case Int: return v.i;
    case Double: return v.d;
    case Bool: return v.i != 0;
    case Ints: return at::IntArrayRef(static_cast<const int64_t*>(v.p), v.count);
    case Doubles: return at::ArrayRef<double>(static_cast<const double*>(v.p), v.count);
    case Tensors: return tensors(static_cast<void* const*>(v.p), v.count);
    case OptionalTensors: {
      c10::List<MaybeTensor> list;
      for (auto& t : tensors(static_cast<void* const*>(v.p), v.count))
        list.push_back(t.defined() ? MaybeTensor(t) : MaybeTensor());
      return list;
    }
    case GeneratorTag: return *static_cast<const at::Generator*>(v.p);
    case Text: return std::string(static_cast<const char*>(v.p), v.count);
    case DeviceTag: return c10::Device(static_cast<c10::DeviceType>(v.i), static_cast<int8_t>(v.count));
    default:
      TORCH_CHECK(op.defaults.at(position), op.handle.schema().name(), ": argument ", position, " has no default value");
      return *op.defaults[position];
  }
}

Value from_ivalue(c10::IValue&& v) {
  Value r{None, 0, {0}};
  if (v.isTensor()) {
    if (!v.toTensor().defined()) return r;
    r.tag = TensorTag;
    r.p = own(std::move(v).toTensor());
  } else if (v.isBool()) {
    r.tag = Bool;
    r.i = v.toBool();
  } else if (v.isInt()) {
    r.tag = Int;
    r.i = v.toInt();
  } else if (v.isDouble()) {
    r.tag = Double;
    r.d = v.toDouble();
  } else if (v.isTensorList()) {
    auto list = std::move(v).toTensorVector();
    auto handles = new void*[list.size()];
    for (size_t i = 0; i < list.size(); i++) handles[i] = own(std::move(list[i]));
    r.tag = Tensors;
    r.count = static_cast<int32_t>(list.size());
    r.p = handles;
  } else {
    TORCH_CHECK(v.isNone(), "a result of type ", v.tagKind(), " is not supported");
  }
  return r;
}

// Runs managed code in the backward pass: gradients in, gradients out (null for none).
using BackwardCallback = int (*)(void* context, void* const* grads, int count, void** results, int result_count);
using ReleaseCallback = void (*)(void* context);

struct ManagedNode : torch::autograd::Node {
  BackwardCallback callback;
  ReleaseCallback release_saved;
  ReleaseCallback release;
  void* context;
  std::string name() const override { return "ManagedBackward"; }
  ~ManagedNode() override { release(context); }
  void release_variables() override { release_saved(context); }
  torch::autograd::variable_list apply(torch::autograd::variable_list&& grads) override {
    std::vector<void*> handles;
    for (auto& g : grads) handles.push_back(g.defined() ? own(g) : nullptr);
    std::vector<void*> results(num_outputs(), nullptr);
    int rc = callback(context, handles.data(), handles.size(), results.data(), results.size());
    torch::autograd::variable_list list;
    for (auto r : results) {
      list.push_back(r ? tensor(r) : at::Tensor());
      delete static_cast<at::Tensor*>(r);
    }
    TORCH_CHECK(rc == 0, last_error);
    return list;
  }
};

} // namespace

API const char* comigs_last_error() { return last_error.c_str(); }
API void comigs_set_error(const char* text) { last_error = text; }
API const char* comigs_version() { return TORCH_VERSION; }
API const char* comigs_config() {
  static const std::string text = at::show_config();
  return text.c_str();
}

// Operators

API void* comigs_operator(const char* name, const char* overload) {
  return guarded([&]() -> void* {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    auto op = new Operator{handle, {}};
    for (auto& a : handle.schema().arguments()) {
      if (a.default_value()) op->defaults.emplace_back(*a.default_value());
      else op->defaults.emplace_back();
    }
    return op;
  }, nullptr);
}

// Missing trailing arguments take the schema's default values. Returns the number of results, -1 for an error.
API int comigs_call(const Operator* op, const Value* arguments, int count, Value* results, int capacity) {
  return guarded([&] {
    c10::Stack stack;
    stack.reserve(op->defaults.size());
    static const Value by_default{Default, 0, {0}};
    for (size_t i = 0; i < op->defaults.size(); i++)
      stack.push_back(to_ivalue(static_cast<int>(i) < count ? arguments[i] : by_default, *op, i));
    op->handle.callBoxed(stack);
    int n = std::min<int>(capacity, stack.size());
    for (int i = 0; i < n; i++) results[i] = from_ivalue(std::move(stack[i]));
    return n;
  }, -1);
}

API void comigs_free_list(void** list) { delete[] list; }

// Tensors

API void comigs_tensor_free(void* t) { delete static_cast<at::Tensor*>(t); }
API void* comigs_tensor_alias(const void* t) { return own(tensor(t)); }

API void* comigs_tensor_copy_of(const void* data, int64_t bytes, const int64_t* sizes, int dims, int8_t dtype) {
  return guarded([&]() -> void* {
    auto t = at::empty(at::IntArrayRef(sizes, dims), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
    TORCH_CHECK(static_cast<int64_t>(t.nbytes()) == bytes, "The shape needs ", t.nbytes(), " bytes of data, but ", bytes, " were given");
    if (bytes > 0) std::memcpy(t.data_ptr(), data, bytes);
    return own(std::move(t));
  }, nullptr);
}

API void* comigs_tensor_over(void* data, const int64_t* sizes, int dims, int8_t dtype, ReleaseCallback release, void* context) {
  return guarded([&]() -> void* {
    return own(at::from_blob(data, at::IntArrayRef(sizes, dims), [=](void*) { release(context); },
                             at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
  }, nullptr);
}

API void* comigs_tensor_data(const void* t) {
  return guarded([&] { return tensor(t).data_ptr(); }, nullptr);
}

// The header of a tensor in one call: dims, dtype, device type, device index, numel, bytes per element, storage offset.
API void comigs_tensor_info(const void* t, int64_t* info) {
  auto& x = tensor(t);
  info[0] = x.dim();
  info[1] = static_cast<int64_t>(x.scalar_type());
  info[2] = static_cast<int64_t>(x.device().type());
  info[3] = x.device().index();
  info[4] = x.numel();
  info[5] = x.element_size();
  info[6] = x.storage_offset();
}
API void comigs_tensor_sizes(const void* t, int64_t* sizes) { std::memcpy(sizes, tensor(t).sizes().data(), tensor(t).dim() * 8); }
API void comigs_tensor_strides(const void* t, int64_t* strides) { std::memcpy(strides, tensor(t).strides().data(), tensor(t).dim() * 8); }
API bool comigs_tensor_is_contiguous(const void* t) { return tensor(t).is_contiguous(); }
API bool comigs_tensor_is_same(const void* a, const void* b) { return tensor(a).is_same(tensor(b)); }

// Autograd

API bool comigs_tensor_requires_grad(const void* t) { return tensor(t).requires_grad(); }
API int comigs_tensor_set_requires_grad(const void* t, bool value) { return checked([&] { tensor(t).set_requires_grad(value); }); }
API bool comigs_tensor_is_leaf(const void* t) { return tensor(t).is_leaf(); }
API int64_t comigs_tensor_version(const void* t) { return tensor(t)._version(); }
API int comigs_tensor_retain_grad(const void* t) { return checked([&] { tensor(t).retain_grad(); }); }

API void* comigs_tensor_grad(const void* t) {
  return guarded([&]() -> void* {
    auto& g = tensor(t).grad();
    return g.defined() ? own(g) : nullptr;
  }, nullptr);
}
API int comigs_tensor_set_grad(const void* t, const void* grad) {
  return checked([&] { tensor(t).mutable_grad() = grad ? tensor(grad) : at::Tensor(); });
}

API int comigs_backward(void* const* roots, void* const* grads, int count, bool retain, bool create, void* const* inputs, int input_count) {
  return checked([&] {
    torch::autograd::backward(tensors(roots, count), grads ? tensors(grads, count) : std::vector<at::Tensor>{}, retain, create,
                              tensors(inputs, input_count));
  });
}

API int comigs_grad(void* const* outputs, void* const* grads, int count, void* const* inputs, int input_count, bool retain, bool create,
                    bool allow_unused, void** results) {
  return checked([&] {
    auto list = torch::autograd::grad(tensors(outputs, count), tensors(inputs, input_count),
                                      grads ? tensors(grads, count) : std::vector<at::Tensor>{}, retain, create, allow_unused);
    for (size_t i = 0; i < list.size(); i++) results[i] = list[i].defined() ? own(list[i]) : nullptr;
  });
}

// Makes `outputs` depend on `inputs` through a node whose backward is managed code.
API int comigs_custom_function(void* const* inputs, int input_count, void* const* outputs, int output_count, BackwardCallback backward,
                               ReleaseCallback release_saved, ReleaseCallback release, void* context) {
  auto node = std::shared_ptr<ManagedNode>(new ManagedNode(), torch::autograd::deleteNode);
  node->callback = backward;
  node->release_saved = release_saved;
  node->release = release;
  node->context = context;
  return checked([&] {
    node->set_next_edges(torch::autograd::collect_next_edges(tensors(inputs, input_count)));
    for (auto& t : tensors(outputs, output_count)) torch::autograd::set_history(t, node);
  });
}

// Modes, per thread

API bool comigs_grad_mode() { return c10::GradMode::is_enabled(); }
API void comigs_set_grad_mode(bool enabled) { c10::GradMode::set_enabled(enabled); }
API bool comigs_inference_mode() { return c10::InferenceMode::is_enabled(); }
API void* comigs_inference_enter(bool enabled) { return new c10::InferenceMode(enabled); }
API void comigs_inference_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

// Random numbers

API int comigs_manual_seed(int64_t seed) { return checked([&] { at::manual_seed(static_cast<uint64_t>(seed)); }); }
API void* comigs_generator(int64_t seed) {
  return guarded([&]() -> void* { return new at::Generator(at::detail::createCPUGenerator(static_cast<uint64_t>(seed))); }, nullptr);
}
API void* comigs_default_generator() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
API void comigs_generator_free(void* g) { delete static_cast<at::Generator*>(g); }
API void comigs_generator_seed(void* g, int64_t seed) { static_cast<at::Generator*>(g)->set_current_seed(static_cast<uint64_t>(seed)); }
API int64_t comigs_generator_initial_seed(void* g) { return static_cast<int64_t>(static_cast<at::Generator*>(g)->current_seed()); }
API void* comigs_generator_state(void* g) {
  return guarded([&]() -> void* { return own(static_cast<at::Generator*>(g)->get_state()); }, nullptr);
}
API int comigs_generator_set_state(void* g, const void* state) { return checked([&] { static_cast<at::Generator*>(g)->set_state(tensor(state)); }); }

// Threads and devices

API int comigs_num_threads() { return at::get_num_threads(); }
API int comigs_set_num_threads(int n) {
  return checked([&] {
    at::set_num_threads(n);
    // libtorch's own setter does not reach an OpenBLAS that was linked behind libblas.so.3.
    if (auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(n);
  });
}
API int comigs_num_interop_threads() { return static_cast<int>(at::get_num_interop_threads()); }
API int comigs_set_num_interop_threads(int n) { return checked([&] { at::set_num_interop_threads(n); }); }
API bool comigs_cuda_is_available() { return at::hasCUDA() && at::getNumGPUs() > 0; }
API int comigs_cuda_device_count() { return at::hasCUDA() ? static_cast<int>(at::getNumGPUs()) : 0; }
API int comigs_cuda_synchronize(int device) {
  return checked([&] { at::detail::getCUDAHooks().deviceSynchronize(static_cast<int8_t>(device)); });
}
// The library that a product of float32 matrices runs in, empty when it is built into libtorch.
API const char* comigs_blas_library() {
  Dl_info info;
  auto symbol = dlsym(RTLD_DEFAULT, "sgemm_");
  return symbol && dladdr(symbol, &info) && info.dli_fname ? info.dli_fname : "";
}
