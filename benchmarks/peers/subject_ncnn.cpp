// ncnn on Vulkan as a subject of run.py: subject_ncnn GOOGLENET.param GOOGLENET.bin BATCH INPUT OUTPUT fp32|fp16
// ncnn has no batches: BATCH images one after the other.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
#include "gpu.h"
#include "net.h"
#include "platform.h"

int main(int argc, char** argv)
{
    if (argc != 7) return 2;
    const int batch = std::atoi(argv[3]);
    const bool half = std::string(argv[6]) == "fp16";
    if (ncnn::get_gpu_count() == 0)
    {
        std::puts("{\"missing\": \"ncnn finds no Vulkan device\"}");
        return 0;
    }
    ncnn::Net net;
    net.opt.use_vulkan_compute = true;
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = half;
    net.set_vulkan_device(0);
    if (net.load_param(argv[1]) || net.load_model(argv[2])) return 1;
    const size_t size = 3 * 224 * 224;
    std::vector<float> x(size * batch);
    FILE* file = std::fopen(argv[4], "rb");
    if (!file || std::fread(x.data(), sizeof(float), x.size(), file) != x.size()) return 1;
    std::fclose(file);
    std::vector<float> y(1000 * batch);
    auto run = [&] {
        for (int n = 0; n < batch; n++)
        {
            ncnn::Extractor extractor = net.create_extractor();
            ncnn::Mat in(224, 224, 3), out;
            for (int c = 0; c < 3; c++) std::memcpy(in.channel(c), &x[n * size + c * 224 * 224], 224 * 224 * sizeof(float));
            extractor.input("data", in);
            if (extractor.extract("output", out)) std::exit(1);
            std::memcpy(&y[n * 1000], (const float*)out, 1000 * sizeof(float));
        }
    };
    run();
    file = std::fopen(argv[5], "wb");
    if (!file || std::fwrite(y.data(), sizeof(float), y.size(), file) != y.size()) return 1;
    std::fclose(file);
    std::printf("{\"version\": \"ncnn %s%s\", \"where\": \"Vulkan, %s\"}\n", NCNN_VERSION_STRING, half ? " fp16" : "", ncnn::get_gpu_device(0)->info.device_name());
    std::fflush(stdout);
    int runs;
    while (std::scanf("%d", &runs) == 1)
    {
        std::string times;
        for (int i = 0; i < runs; i++)
        {
            auto start = std::chrono::steady_clock::now();
            run();
            times += (i ? ", " : "") + std::to_string(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        }
        std::printf("{\"ms\": [%s]}\n", times.c_str());
        std::fflush(stdout);
    }
    return 0;
}
