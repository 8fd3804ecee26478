// SPDX-License-Identifier: Apache-2.0
// dlib against mien, its products by OpenBLAS. benchmarks/peers/run starts it; contract.hpp says with what.
#include "benchmarks/peers/contenders/contract.hpp"

#include "mien/core/error.hpp"

#include <dlib/dnn.h>
#include <dlib/revision.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <vector>

namespace {

// A dlib network is read from its end to its beginning.
template <int filters, class Below>
using conv = dlib::relu<dlib::add_layer<dlib::con_<filters, 3, 3, 1, 1, 0, 0>, Below>>; // no padding
template <class Below> using pool = dlib::max_pool<2, 2, 2, 2, Below>;
using Pictures = dlib::input<dlib::matrix<float>>;

template <template <class> class drop>
using field = dlib::loss_multiclass_log<
    dlib::fc<7, drop<dlib::relu<dlib::fc<
                    512, drop<pool<conv<256, drop<pool<conv<128, drop<pool<conv<64, conv<32, Pictures>>>>>>>>>>>>>>>;

template <class Below> using nothing = Below;
using Training = field<dlib::dropout>;
using Inference = field<nothing>;

/// dlib keeps a convolution as (K,C,R,S), a dense layer as rows of (C,H,W), and the bias behind either.
struct Layout {
  const char* name;
  std::int64_t window, in, out;
  bool dense;

  /// Where dlib has the element that mien has at (r, c, k) with r = 3 R + S, or r = 4 H + W.
  [[nodiscard]] std::int64_t place(std::int64_t r, std::int64_t c, std::int64_t k) const {
    return dense ? (c * window + r) * out + k : (k * in + c) * window + r;
  }
  [[nodiscard]] std::int64_t weights() const { return window * in * out; }
};

constexpr std::array<Layout, 6> layouts{{{"conv2d", 9, 1, 32, false},
                                         {"conv2d_1", 9, 32, 64, false},
                                         {"conv2d_2", 9, 64, 128, false},
                                         {"conv2d_3", 9, 128, 256, false},
                                         {"dense", 16, 256, 512, true},
                                         {"dense_1", 1, 512, 7, true}}};

/// Calls f(place in mien's kernel, place in dlib's parameters).
template <class F> void for_each_weight(const Layout& layout, F&& f) {
  std::int64_t ours = 0;
  for (std::int64_t r = 0; r < layout.window; ++r)
    for (std::int64_t c = 0; c < layout.in; ++c)
      for (std::int64_t k = 0; k < layout.out; ++k) f(ours++, layout.place(r, c, k));
}

/// The tensors that have something in them, from the first layer to the last: visitors begin at the end.
using Tensors = std::vector<dlib::tensor*>;
template <class Net> Tensors parameters(Net& net) {
  Tensors found;
  dlib::visit_layer_parameters(net, [&](dlib::tensor& t) {
    if (t.size() > 0) found.push_back(&t);
  });
  std::ranges::reverse(found);
  if (found.size() != layouts.size()) throw mien::Error("dlib has other layers than the field's network");
  return found;
}
template <class Net> Tensors gradients(Net& net) {
  Tensors found;
  dlib::visit_layer_parameter_gradients(net, [&](dlib::tensor& t) {
    if (t.size() > 0) found.push_back(&t);
  });
  std::ranges::reverse(found);
  return found;
}

dlib::resizable_tensor pictures(std::span<const float> x) {
  dlib::resizable_tensor tensor(static_cast<long>(x.size() / 2304), 1, 48, 48);
  std::ranges::copy(x, tensor.host_write_only());
  return tensor;
}

/// Parameters exist only after a first pass forward, and that only after a picture was turned into a tensor.
template <class Net> void take_weights(Net& net, const mien::Safetensors& model, const dlib::tensor& x) {
  const dlib::matrix<float> picture = dlib::zeros_matrix<float>(48, 48);
  dlib::resizable_tensor tensor;
  net.to_tensor(&picture, &picture + 1, tensor);
  net.forward(x);
  const auto found = parameters(net);
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const auto* kernel = model.find(std::string(layouts[i].name) + "/kernel");
    const auto* bias = model.find(std::string(layouts[i].name) + "/bias");
    if (kernel == nullptr || bias == nullptr ||
        kernel->shape().size() + bias->shape().size() != static_cast<std::int64_t>(found[i]->size()))
      throw mien::Error(
          mien::concat("the model has no ", layouts[i].name, " of this shape: is it the field's network (seed)?"));
    const auto from = kernel->view<float>();
    float* to = found[i]->host();
    for_each_weight(layouts[i], [&](auto ours, auto theirs) { to[theirs] = from[static_cast<std::size_t>(ours)]; });
    std::ranges::copy(bias->view<float>(), to + layouts[i].weights());
  }
}

mien::Tensor logits(const dlib::tensor& y) {
  mien::Tensor tensor({static_cast<std::int64_t>(y.num_samples()), 7});
  std::copy_n(y.host(), tensor.size(), tensor.view<float>().data());
  return tensor;
}

void add_gradients(mien::Safetensors& file, Training& net) {
  const auto found = gradients(net);
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const std::string name = std::string("gradient/") + layouts[i].name;
    mien::Tensor kernel({layouts[i].weights()}), bias({layouts[i].out});
    const float* from = found[i]->host();
    const auto to = kernel.view<float>();
    for_each_weight(layouts[i], [&](auto ours, auto theirs) { to[static_cast<std::size_t>(ours)] = from[theirs]; });
    std::copy_n(from + layouts[i].weights(), layouts[i].out, bias.view<float>().data());
    file.tensors.emplace_back(name + "/kernel", std::move(kernel));
    file.tensors.emplace_back(name + "/bias", std::move(bias));
  }
}

/// Layers are counted from the loss down: see `field`.
void set_dropout(Training& net, float of_pictures, float of_units) {
  dlib::layer<2>(net).layer_details() = dlib::dropout_(of_units);
  dlib::layer<5>(net).layer_details() = dlib::dropout_(of_pictures);
  dlib::layer<9>(net).layer_details() = dlib::dropout_(of_pictures);
  dlib::layer<13>(net).layer_details() = dlib::dropout_(of_pictures);
}

class Trainer {
public:
  Trainer(const peers::Faces& faces, const mien::Safetensors& model) : faces_(faces) {
    set_dropout(net_, 0, 0);
    take_weights(net_, model, pictures(faces.x(0)));
  }

  /// Returns the mean loss.
  double backward(std::int64_t step) {
    const auto x = pictures(faces_.x(step));
    const auto given = faces_.labels(step);
    const std::vector<unsigned long> labels(given.begin(), given.end());
    return net_.compute_parameter_gradients(x, labels.begin());
  }
  void update() { net_.update_parameters(solvers_, 1e-4); }
  [[nodiscard]] Training& net() { return net_; }

private:
  const peers::Faces& faces_;
  Training net_;
  std::vector<dlib::adam> solvers_{net_.num_computational_layers, dlib::adam(0, 0.9f, 0.999f)};
};

} // namespace

int main(int argc, char** argv) try {
  const peers::Job job = peers::job_from(argc, argv);
  const auto model = mien::read_safetensors(job.model);
  const peers::Faces faces(job.faces, job.batch);
  mien::Safetensors file;
  const auto serve = [&](const auto& run) {
    mien::write_safetensors(job.outputs, file);
    peers::serve("dlib", mien::concat(DLIB_MAJOR_VERSION, '.', DLIB_MINOR_VERSION), run);
  };
  if (!job.train) {
    Inference net;
    take_weights(net, model, pictures(faces.x(0)));
    const auto x = pictures(faces.x(0));
    file.tensors.emplace_back("logits", logits(net.forward(x)));
    serve([&](std::int64_t) { net.forward(x); });
    return 0;
  }
  Trainer trainer(faces, model);
  file.tensors.emplace_back("logits", logits(trainer.net().forward(pictures(faces.x(0)))));
  mien::Tensor losses({3});
  for (std::int64_t step = 0; step < 3; ++step) {
    losses.view<float>()[static_cast<std::size_t>(step)] = static_cast<float>(trainer.backward(step));
    if (step == 0) add_gradients(file, trainer.net());
    trainer.update();
  }
  file.tensors.emplace_back("losses", std::move(losses));
  set_dropout(trainer.net(), 0.1f, 0.2f);
  serve([&](std::int64_t step) {
    trainer.backward(step);
    trainer.update();
  });
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
