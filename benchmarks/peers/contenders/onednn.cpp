// SPDX-License-Identifier: Apache-2.0
// oneDNN against mien: variant `direct` or `winograd`. benchmarks/peers/run starts it; contract.hpp says with what.
#include "benchmarks/peers/contenders/contract.hpp"
#include "benchmarks/peers/contenders/onednn_network.hpp"

#include "mien/core/error.hpp"

#include <omp.h>

#include <iostream>

namespace {

using peers::OneDnnNetwork;

/// What benchmarks/peers/run compares: see peers_material.
mien::Safetensors outputs(OneDnnNetwork& network, const peers::Job& job, const peers::Faces& faces) {
  mien::Safetensors file;
  network.set_input(faces.x(0));
  network.forward();
  file.tensors.emplace_back("logits", network.logits());
  if (!job.train) return file;
  mien::Tensor losses({3});
  for (std::int64_t step = 0; step < 3; ++step) {
    network.set_input(faces.x(step));
    network.forward();
    losses.view<float>()[static_cast<std::size_t>(step)] = network.backward(faces.labels(step));
    if (step == 0)
      for (auto& gradient : network.gradients()) file.tensors.push_back(std::move(gradient));
    network.update();
  }
  file.tensors.emplace_back("losses", std::move(losses));
  return file;
}

} // namespace

int main(int argc, char** argv) try {
  const peers::Job job = peers::job_from(argc, argv);
  omp_set_num_threads(job.threads);
  if (job.variant != "direct" && job.variant != "winograd")
    throw mien::Error("the variant is \"" + job.variant + "\"; there are direct and winograd");
  OneDnnNetwork::Options options{.batch = job.batch, .training = job.train, .dropout = false};
  if (job.variant == "winograd") options.convolution = dnnl::algorithm::convolution_winograd;
  const auto model = mien::read_safetensors(job.model);
  const peers::Faces faces(job.faces, job.batch);
  {
    OneDnnNetwork checked(options, model);
    mien::write_safetensors(job.outputs, outputs(checked, job, faces));
  }
  options.dropout = true;
  OneDnnNetwork network(options, model);
  const auto* version = dnnl_version();
  peers::serve("oneDNN", mien::concat(version->major, '.', version->minor, '.', version->patch),
               [&](std::int64_t step) {
                 network.set_input(faces.x(step));
                 network.forward();
                 if (!job.train) return;
                 network.backward(faces.labels(step));
                 network.update();
               });
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
