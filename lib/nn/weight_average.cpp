// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/weight_average.hpp"

#include "mien/core/error.hpp"
#include "mien/ops/moving_average.hpp"

#include <algorithm>
#include <utility>

namespace mien {

WeightAverage::WeightAverage(const Model& model, double decay) : decay_(decay) {
  if (!(decay >= 0 && decay < 1)) // NaN is not
    throw Error(concat("weight average: a decay of ", decay, ", it must be at least 0 and less than 1"));
  for (std::size_t i = 0; i < model.parameters().size(); ++i) {
    if (model.parameters()[i].role != ParameterRole::trained) continue;
    averages_.push_back(model.parameters()[i]);
    places_.push_back(i);
  }
}

void WeightAverage::expect_fit(const Model& model) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto& average = averages_[i];
    const bool fits = places_[i] < model.parameters().size() && model.parameters()[places_[i]].name == average.name &&
                      model.parameters()[places_[i]].value.shape() == average.value.shape();
    if (!fits)
      throw Error(concat("weight average: ", average.name, " (", average.value.shape(),
                         ") is not where it was; give the model that the average was made for"));
  }
}

void WeightAverage::update(const Model& model, int threads) {
  expect_fit(model);
  const auto t = static_cast<double>(updates_++);
  const double decay = std::min(decay_, (1 + t) / (10 + t));
  for (std::size_t i = 0; i < places_.size(); ++i)
    moving_average(averages_[i].value, model.parameters()[places_[i]].value, static_cast<float>(1 - decay), threads);
}

void WeightAverage::apply(Model& model) const {
  expect_fit(model);
  for (std::size_t i = 0; i < places_.size(); ++i)
    std::ranges::copy(averages_[i].value.view<float>(), model.parameters()[places_[i]].value.view<float>().begin());
}

void WeightAverage::restore(std::int64_t updates, std::vector<Tensor> values) {
  const auto fits = [](const Tensor& value, const Parameter& average) {
    return value.shape() == average.value.shape() && value.dtype() == average.value.dtype();
  };
  if (updates < 0 || !std::ranges::equal(values, averages_, fits))
    throw Error("weight average: the kept state belongs to another network");
  updates_ = updates;
  for (std::size_t i = 0; i < averages_.size(); ++i) averages_[i].value = std::move(values[i]);
}

} // namespace mien
