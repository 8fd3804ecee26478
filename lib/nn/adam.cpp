// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/adam.hpp"

#include "mien/core/error.hpp"
#include "mien/ops/adam.hpp"

#include <algorithm>

namespace mien {

Adam::Adam(const Model& model, const AdamSettings& settings) : settings_(settings) {
  for (const auto& parameter : model.parameters()) {
    m_.emplace_back(parameter.value.shape());
    v_.emplace_back(parameter.value.shape());
  }
}

void Adam::step(Model& model, std::span<const View<float>> gradients, int threads) {
  const auto parameters = model.parameters();
  if (parameters.size() != m_.size() || gradients.size() != m_.size()) {
    throw Error(concat("adam: made for ", m_.size(), " parameters, given ", parameters.size(), " and ",
                       gradients.size(), " gradients"));
  }
  const auto now = adam_step(settings_, ++steps_); // one clock for all tensors
  for (std::size_t i = 0; i < m_.size(); ++i) {
    mien::adam(parameters[i].value, m_[i], v_[i], gradients[i], now, threads);
  }
}

void Adam::restore(std::int64_t steps, std::vector<Tensor> m, std::vector<Tensor> v) {
  const auto shape = [](const Tensor& tensor) { return tensor.shape(); };
  if (steps < 0 || !std::ranges::equal(m, m_, {}, shape, shape) || !std::ranges::equal(v, v_, {}, shape, shape)) {
    throw Error("adam: the kept state belongs to another network");
  }
  steps_ = steps;
  m_ = std::move(m);
  v_ = std::move(v);
}

} // namespace mien
